package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.vector.ForcedWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link MachineLoops} of AVX-512 for any machine: the same functions for the same cases, but
 * interpreted, in memory where every byte that they may not touch is missing.
 */
public final class InterpretedLoops implements InnerLoops {
  private static final InstructionSet SET = InstructionSet.AVX512;
  private static final int LANES = SET.lanes();

  /** Floats between rows, where nothing is. */
  private static final int GAP = 5;

  private final InterpretedRoutines routines = InterpretedRoutines.of(SET);
  private final InnerLoops others = ForcedWidth.loops(SET.bytes() * Byte.SIZE);
  private final String description;
  private final CodedLoops int8;
  private final CodedLoops bf16;

  /** Reads the code; without objdump the test that calls is skipped. */
  public InterpretedLoops() {
    description = "interpreted " + SET.label();
    int8 = others.int8();
    bf16 = new InterpretedBf16Loops(routines);
  }

  private InterpretedLoops(String name, CodedLoops int8, @Nullable CodedLoops bf16) {
    description = "interpreted int8 of " + name;
    this.int8 = int8;
    this.bf16 = bf16 == null ? new InterpretedBf16Loops(routines) : bf16;
  }

  /** The same, but products of coded factors are made by AMX. */
  public static InterpretedLoops amx() {
    return new InterpretedLoops(
        "AMX", InterpretedAmx.loops(Precision.INT8), InterpretedAmx.loops(Precision.BF16));
  }

  /** Of every form of int8; all else is of AVX-512. */
  public static List<InnerLoops> int8Forms() {
    List<InnerLoops> forms = new ArrayList<>(List.of(amx()));
    for (InstructionSet set : InstructionSet.values()) {
      for (Int8Form form : Int8Form.values()) {
        CodedLoops int8 = new InterpretedInt8Loops(set, form);
        forms.add(new InterpretedLoops(form.label(set), int8, null));
      }
    }
    return forms;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public CodedLoops int8() {
    return int8;
  }

  @Override
  public CodedLoops bf16() {
    return bf16;
  }

  @Override
  public int tileRows() {
    return TileCode.ROWS;
  }

  @Override
  public int panelColumns() {
    return LANES * SET.panelVectors();
  }

  private static float[][] rows(FloatRows of, int rows, int length) {
    float[][] result = new float[rows][];
    Arrays.setAll(result, row -> Arrays.copyOfRange(of.array(), of.at(row), of.at(row) + length));
    return result;
  }

  private static void put(float[][] rows, FloatRows to) {
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, to.array(), to.at(row), rows[row].length);
    }
  }

  @Override
  public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
    int width = panelColumns();
    int depth = panel.depth();
    float[] right =
        Arrays.copyOfRange(panel.array(), panel.offset(), panel.offset() + depth * width);
    float[][] start = rows(init, rows, width);
    float[][] tile =
        routines.tile(
            rows(a, rows, depth), right, init.stride() == 0 ? start[0] : null, start, depth, GAP);
    put(tile, c);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    if (activation != Activation.GELU) {
      others.activate(activation, x, offset, count);
    } else {
      float[] values = Arrays.copyOfRange(x, offset, offset + count);
      System.arraycopy(routines.gelu(values, LANES), 0, x, offset, count);
    }
  }

  @Override
  public void storeRows(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns) {
    if (columns < panelColumns()) {
      others.storeRows(x, xOffset, scale, accumulate, y, rows, columns);
      return;
    }
    float[] source = Arrays.copyOfRange(x, xOffset, xOffset + rows * columns);
    float[][] factors = scale == null ? null : rows(scale, scale.stride() == 0 ? 1 : rows, columns);
    float[][] to = rows(y, rows, columns);
    put(routines.store(source, factors, accumulate, to, GAP), y);
  }

  @Override
  public float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    int whole = count / LANES * LANES;
    int padded = Math.ceilDiv(count, LANES) * LANES;
    float max = Float.NEGATIVE_INFINITY;
    for (int j = whole; j < count; j++) {
      float score = x[offset + j] * scale + (bias == null ? 0 : bias[biasOffset + j]);
      x[offset + j] = score;
      max = score > max ? score : max;
    }
    Arrays.fill(x, offset + count, offset + padded, Float.NEGATIVE_INFINITY);
    float[] row = Arrays.copyOfRange(x, offset, offset + padded);
    float[] biases = bias == null ? null : Arrays.copyOfRange(bias, biasOffset, biasOffset + whole);
    float[] result = routines.softmax(row, biases, whole / LANES, LANES, scale, max);
    System.arraycopy(result, 0, x, offset, padded);
    return result[padded];
  }

  @Override
  public void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count) {
    if (count % LANES != 0) {
      others.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
      return;
    }
    float[] row = Arrays.copyOfRange(x, xOffset, xOffset + count);
    float[] factors = Arrays.copyOf(weight, count);
    float[] shifts = Arrays.copyOf(bias, count);
    float[] result = routines.normalise(row, factors, shifts, LANES, eps);
    System.arraycopy(result, 0, y, yOffset, count);
  }
}
