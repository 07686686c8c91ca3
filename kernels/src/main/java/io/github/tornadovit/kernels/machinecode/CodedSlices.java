package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.RowCodes;
import java.lang.foreign.MemorySegment;

/** The parts of coded factors that a function may touch, checked against their arrays. */
final class CodedSlices {
  private CodedSlices() {}

  private static MemorySegment of(int[] array, long offset, long elements) {
    return MemorySegment.ofArray(array).asSlice(offset * Integer.BYTES, elements * Integer.BYTES);
  }

  /**
   * Rows of the left factor.
   *
   * @throws IllegalArgumentException if there are none
   */
  static MemorySegment rows(RowCodes a, int row, int rows, CodedPanels panels) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows is " + rows + ", expected at least 1");
    }
    long length = (rows - 1L) * a.stride() + (long) panels.groups() * TileCode.STEP_BYTES;
    return a.codes().asSlice(a.start(row), length);
  }

  /** How each of some rows is coded. */
  static MemorySegment rowEnds(RowCodes a, int row, int rows) {
    return of(a.ends(), (long) row * RowCodes.END, (long) rows * RowCodes.END);
  }

  /** A panel of the right factor. */
  static MemorySegment panel(CodedPanels panels, int panel) {
    return panels.codes().asSlice(panels.start(panel), panels.panelBytes());
  }

  /** What the sums of a panel's columns become results with. */
  static MemorySegment columnEnds(CodedPanels panels, int panel, int[] ends) {
    return of(ends, panels.ends(panel), panels.endsLength());
  }

  /** Where the next panel begins, of which nothing may be touched but fetched. */
  static MemorySegment next(CodedPanels panels, int panel) {
    MemorySegment codes = panels.codes();
    return codes.asSlice(Math.min(panels.start(panel) + panels.panelBytes(), codes.byteSize()), 0);
  }
}
