package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@link MachineBf16Loops} for any machine: the same functions, interpreted. */
final class InterpretedBf16Loops implements CodedLoops {
  private static final InstructionSet SET = InstructionSet.AVX512;

  private final InterpretedRoutines routines;
  private final Bf16Attention attention;

  /** Loops of functions of AVX-512. */
  InterpretedBf16Loops(InterpretedRoutines routines) {
    this.routines = routines;
    this.attention = new Bf16Attention(new InterpretedBf16Attention(routines));
  }

  @Override
  public String description() {
    return "interpreted " + MachineBf16Loops.DESCRIPTION;
  }

  @Override
  public int tileRows() {
    return TileCode.ROWS;
  }

  @Override
  public int panelColumns() {
    return SET.lanes() * SET.panelVectors();
  }

  @Override
  public int rowBytes(int columns) {
    return Bf16.rowBytes(columns);
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    encode(new FloatRows(x, offset, columns), 1, columns, to, row, 0);
  }

  @Override
  public void encode(FloatRows x, int rows, int columns, RowCodes to, int first, int column) {
    long start = to.start(first) + (long) column * Short.BYTES;
    int whole = columns / SET.lanes() * SET.lanes();
    if (whole > 0) {
      int end = x.at(rows - 1) + whole;
      long bytes = (rows - 1L) * to.stride() + (long) whole * Short.BYTES;
      MemorySegment codes = to.codes().asSlice(start, bytes);
      byte[] before = codes.toArray(JAVA_BYTE);
      byte[] coded =
          routines.bf16Codes(
              Arrays.copyOfRange(x.array(), x.offset(), end),
              whole / SET.lanes(),
              before,
              rows,
              x.stride(),
              to.stride());
      for (int row = 0; row < rows; row++) {
        // What lies between parts of rows may be another thread's.
        int at = row * to.stride();
        int gap = at + whole * Short.BYTES;
        MemorySegment.copy(coded, at, codes, JAVA_BYTE, at, gap - at);
        int next = Math.min(at + to.stride(), coded.length);
        if (!Arrays.equals(coded, gap, next, before, gap, next)) {
          throw new AssertionError("written behind row " + row);
        }
      }
    }
    for (int row = 0; row < rows; row++) {
      Bf16.encode(
          x.array(), x.at(row), whole, columns, to.codes(), start + (long) row * to.stride());
    }
  }

  @Override
  public AttentionLoops attention() {
    return attention;
  }

  @Override
  public PanelLayout layout() {
    return Bf16.pairs(panelColumns());
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return Bf16.pack(weight, layout());
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    int bytes = (rows - 1) * a.stride() + panels.groups() * TileCode.STEP_BYTES;
    float[] bias = new float[panels.endsLength()];
    for (int j = 0; j < bias.length; j++) {
      bias[j] = Float.intBitsToFloat(ends[panels.ends(panel) + j]);
    }
    float[] tile =
        routines.bf16Tile(
            a.codes().asSlice(a.start(row), bytes).toArray(JAVA_BYTE),
            a.stride(),
            rows,
            CodedSlices.panel(panels, panel).toArray(JAVA_BYTE),
            panels.groups(),
            bias);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(tile, i * panelColumns(), c.array(), c.at(i), panelColumns());
    }
  }
}
