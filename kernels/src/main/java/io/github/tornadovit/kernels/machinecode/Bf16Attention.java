package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.Bf16Panels;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import java.lang.foreign.MemorySegment;

/**
 * {@link AttentionLoops} by functions that {@link ArrangeCode} and {@link RowCode} wrote; each gets
 * slices of exactly what it may touch, checked here. The rows that fill no block are left to plain
 * Java, and all of them where a row fills no vector.
 */
final class Bf16Attention implements AttentionLoops {
  private static final int LANES = InstructionSet.AVX512.lanes();
  private static final int WIDTH = LANES * InstructionSet.AVX512.panelVectors();

  /** The functions; arguments as their declarations have them. */
  interface Functions {
    /** {@link ArrangeCode#transpose}. */
    void transpose(MemorySegment rows, long stride, MemorySegment to, long toStride, long blocks);

    /** {@link ArrangeCode#interleave}. */
    void interleave(
        MemorySegment rows, long stride, MemorySegment to, long toStride, long pairs, long vectors);

    /** {@link RowCode#softmaxBf16}. */
    void softmax(
        MemorySegment x,
        long xStride,
        MemorySegment bias,
        long biasStride,
        MemorySegment codes,
        long codesStride,
        MemorySegment inverses,
        long vectors,
        long rows,
        float scale);
  }

  private final Functions functions;

  Bf16Attention(Functions functions) {
    this.functions = functions;
  }

  @Override
  public void transpose(
      RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout) {
    int block = ArrangeCode.INTS;
    boolean whole = panels.groups() % block == 0 && layout.strip() % block == 0;
    int done = whole ? count / block * block : 0;
    long rowBytes = (block - 1L) * rows.stride() + (long) panels.groups() * Bf16.PAIR_BYTES;
    long panelBytes = (panels.groups() - 1L) * layout.stride() + (long) block * Bf16.PAIR_BYTES;
    for (int row = 0; row < done; row += block) {
      functions.transpose(
          rows.codes().asSlice(rows.start(row), rowBytes),
          rows.stride(),
          panels.codes().asSlice(layout.start(row, panels), panelBytes),
          layout.stride(),
          panels.groups() / block);
    }
    Bf16Panels.transpose(rows, done, count, columns, panels, layout);
  }

  @Override
  public void interleave(
      RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout) {
    int pairs = columns % LANES == 0 ? count / 2 : 0;
    for (int column = 0; pairs > 0 && column < columns; column += layout.strip()) {
      int width = Math.min(layout.strip(), columns - column);
      long rowBytes = (2L * pairs - 1) * rows.stride() + (long) width * Short.BYTES;
      long panelBytes = (pairs - 1L) * layout.stride() + (long) width * Bf16.PAIR_BYTES;
      functions.interleave(
          rows.codes().asSlice(rows.start(0) + (long) column * Short.BYTES, rowBytes),
          rows.stride(),
          panels.codes().asSlice(layout.start(column, panels), panelBytes),
          layout.stride(),
          pairs,
          width / LANES);
    }
    Bf16Panels.interleave(rows, 2 * pairs, count, columns, panels, layout);
  }

  @Override
  public void softmax(
      FloatRows x,
      int rows,
      int columns,
      float scale,
      FloatRows bias,
      RowCodes to,
      FloatRows inverses) {
    if (columns < 1 || columns % NUMERATORS != 0) {
      throw new IllegalArgumentException(
          "columns is %d, expected a multiple of %d".formatted(columns, NUMERATORS));
    }
    if (inverses.stride() != WIDTH) {
      throw new IllegalArgumentException(
          "inverses lie %d apart, expected %d".formatted(inverses.stride(), WIDTH));
    }
    functions.softmax(
        MachineLoops.slice(x, rows, columns),
        (long) x.stride() * Float.BYTES,
        MachineLoops.slice(bias, rows, columns),
        (long) bias.stride() * Float.BYTES,
        to.codes().asSlice(to.start(0), (rows - 1L) * to.stride() + (long) columns * Short.BYTES),
        to.stride(),
        MachineLoops.slice(inverses, rows, WIDTH),
        columns / LANES,
        rows,
        scale);
  }
}
