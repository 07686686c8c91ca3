package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.RowSink;
import io.github.tornadovit.engine.image.codec.Turn;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Resizes a picture row by row as it is decoded and turned, bit for bit as if it had been there as
 * a whole: Pillow resizes columns first, rounds to 8 bits, and then rows.
 *
 * <p>Of the picture only the rows are kept that the next row (or column) of the result is made of:
 * {@code taps}, the width of the filter. A stored row is a row of the turned picture, and its
 * columns are resized at once; or it is a column, and rows are combined to columns of the result
 * first.
 */
final class ResizingRows {
  private final Turn turn;
  private final RgbImage result;
  private final byte[] pixels;

  /** Of columns, the first pass; null where they keep their number. */
  private final @Nullable ResampleWeights columns;

  /** Of rows, the second pass; null where they keep their number. */
  private final @Nullable ResampleWeights rows;

  /** Combines stored rows, or what the first pass made of them. */
  private final CombinedLines lines;

  /** One line after the pass that goes along it. */
  private final byte[] line;

  private final byte[] reversed;

  /**
   * A resize that has seen no row.
   *
   * @param columns null to keep them
   * @param rows null to keep them
   */
  ResizingRows(
      Turn turn, Extent size, @Nullable ResampleWeights columns, @Nullable ResampleWeights rows) {
    this.turn = turn;
    this.columns = columns;
    this.rows = rows;
    pixels = new byte[Math.multiplyExact(Math.multiplyExact(size.width(), size.height()), 3)];
    result = RgbImage.owning(size.width(), size.height(), pixels);
    reversed = new byte[turn.columnsReversed() ? turn.storedWidth() * 3 : 0];
    if (turn.transposed()) {
      lines = new CombinedLines(columns, turn.storedWidth() * 3, turn.rowsReversed());
      line = new byte[size.height() * 3];
    } else {
      lines = new CombinedLines(rows, size.width() * 3, turn.rowsReversed());
      line = new byte[size.width() * 3];
    }
  }

  /** Bytes that a resize takes, but for its weights. */
  static long bytes(Turn turn, Extent size, int tapsOfColumns, int tapsOfRows) {
    long kept =
        turn.transposed()
            ? (long) tapsOfColumns * turn.storedWidth()
            : (long) tapsOfRows * size.width();
    return 3 * (kept + (long) size.width() * size.height()) + 16L * turn.storedWidth();
  }

  /** Takes the next row as stored; see {@link RowSink#row}. */
  void row(int y, byte[] rgb, int offset) {
    byte[] source = rgb;
    int from = offset;
    if (turn.columnsReversed()) {
      reverse(rgb, offset);
      source = reversed;
      from = 0;
    }
    if (turn.transposed()) {
      lines.take(turn.line(y), source, from, this::putColumn);
    } else if (columns == null) {
      lines.take(turn.line(y), source, from, this::putRow);
    } else {
      columns.along(source, from, line);
      lines.take(turn.line(y), line, 0, this::putRow);
    }
  }

  /** The resized picture, once all rows were taken. */
  RgbImage result() {
    return result;
  }

  private void reverse(byte[] rgb, int offset) {
    for (int target = reversed.length - 3, from = offset; target >= 0; target -= 3, from += 3) {
      reversed[target] = rgb[from];
      reversed[target + 1] = rgb[from + 1];
      reversed[target + 2] = rgb[from + 2];
    }
  }

  private void putRow(int y, byte[] row, int offset) {
    System.arraycopy(row, offset, pixels, y * line.length, line.length);
  }

  private void putColumn(int x, byte[] column, int offset) {
    byte[] source = column;
    int from = offset;
    if (rows != null) {
      rows.along(column, offset, line);
      source = line;
      from = 0;
    }
    int stride = result.width() * 3;
    for (int target = x * 3; target < pixels.length; target += stride, from += 3) {
      pixels[target] = source[from];
      pixels[target + 1] = source[from + 1];
      pixels[target + 2] = source[from + 2];
    }
  }
}
