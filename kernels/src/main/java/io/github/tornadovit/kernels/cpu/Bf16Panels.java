package io.github.tornadovit.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Makes the right factor of a product in {@link Bf16} of rows that are coded, as they come at run
 * time.
 */
public final class Bf16Panels {
  private static final ValueLayout.OfInt PAIR =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong TWO_PAIRS =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LOW_CODE = 0xffff;

  private Bf16Panels() {}

  /**
   * The transpose: {@code element(k, n) = rows[n, k]}. Columns behind the last row are finite if
   * that is: a copy of it where their number is odd, then zeros; those that follow keep what they
   * had.
   *
   * @param rows padded with zeros to the panels' depth
   * @param first row to arrange, an even number; those above are in the panels
   * @param count of the rows
   * @param columns with a value, an even number of at least {@code count}
   */
  public static void transpose(
      RowCodes rows, int first, int count, int columns, CodedPanels panels, PanelLayout layout) {
    for (int n = first; n < count; n += 2) {
      long to = layout.start(n, panels);
      transposeTwo(
          rows.codes(),
          rows.start(n),
          rows.start(Math.min(n + 1, count - 1)),
          panels.groups(),
          panels.codes(),
          to,
          layout.stride());
    }
    for (int n = Math.ceilDiv(count, 2) * 2; n < columns; n += 2) {
      long to = layout.start(n, panels);
      for (int group = 0; group < panels.groups(); group++) {
        panels.codes().set(TWO_PAIRS, to + (long) group * layout.stride(), 0);
      }
    }
  }

  private static void transposeTwo(
      MemorySegment rows,
      long first,
      long second,
      int groups,
      MemorySegment panels,
      long to,
      int stride) {
    for (int group = 0; group < groups; group++) {
      long from = (long) group * Bf16.PAIR_BYTES;
      long pairs = both(rows.get(PAIR, first + from), rows.get(PAIR, second + from));
      panels.set(TWO_PAIRS, to + (long) group * stride, pairs);
    }
  }

  /**
   * The rows as they are: {@code element(k, n) = rows[k, n]}, and zeros beyond the last row.
   *
   * @param first row to arrange, an even number; those above are in the panels
   * @param count of the rows
   * @param columns of each
   */
  public static void interleave(
      RowCodes rows, int first, int count, int columns, CodedPanels panels, PanelLayout layout) {
    for (int column = 0; column < columns; column += layout.strip()) {
      int pairs = Math.ceilDiv(Math.min(layout.strip(), columns - column), 2);
      long to = layout.start(column, panels) + (long) first / 2 * layout.stride();
      long from = (long) column * Short.BYTES;
      for (int group = first / 2; group < panels.groups(); group++) {
        int row = 2 * group;
        if (row + 1 < count) {
          long even = rows.start(row) + from;
          long odd = rows.start(row + 1) + from;
          interleaveTwo(rows.codes(), even, odd, pairs, panels.codes(), to);
        } else if (row < count) {
          spread(rows.codes(), rows.start(row) + from, pairs, panels.codes(), to);
        } else {
          panels.codes().asSlice(to, (long) pairs * 2 * Bf16.PAIR_BYTES).fill((byte) 0);
        }
        to += layout.stride();
      }
    }
  }

  private static void interleaveTwo(
      MemorySegment rows, long first, long second, int pairs, MemorySegment panels, long to) {
    for (int pair = 0; pair < pairs; pair++) {
      long from = (long) pair * Bf16.PAIR_BYTES;
      int even = rows.get(PAIR, first + from);
      int odd = rows.get(PAIR, second + from);
      int low = (even & LOW_CODE) | (odd << Short.SIZE);
      int high = (even >>> Short.SIZE) | (odd & ~LOW_CODE);
      panels.set(TWO_PAIRS, to + 2 * from, both(low, high));
    }
  }

  /** As if the second row were zeros. */
  private static void spread(
      MemorySegment rows, long first, int pairs, MemorySegment panels, long to) {
    for (int pair = 0; pair < pairs; pair++) {
      long from = (long) pair * Bf16.PAIR_BYTES;
      int even = rows.get(PAIR, first + from);
      panels.set(TWO_PAIRS, to + 2 * from, both(even & LOW_CODE, even >>> Short.SIZE));
    }
  }

  private static long both(int low, int high) {
    return Integer.toUnsignedLong(low) | ((long) high << Integer.SIZE);
  }
}
