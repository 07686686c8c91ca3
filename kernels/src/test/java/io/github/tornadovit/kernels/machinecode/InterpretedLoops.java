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
 * {@link MachineLoops} for any machine: the same functions for the same cases, but interpreted, in
 * memory where every byte that they may not touch is missing.
 */
public final class InterpretedLoops implements InnerLoops {
  /** Floats between rows, where nothing is. */
  private static final int GAP = 5;

  private final InstructionSet set;
  private final InterpretedRoutines routines;
  private final InnerLoops others;
  private final String description;
  private final CodedLoops int8;
  private final @Nullable CodedLoops bf16;

  /** Of AVX-512. Reads the code; without objdump the test that calls is skipped. */
  public InterpretedLoops() {
    this(InstructionSet.AVX512, null, null, null);
  }

  private InterpretedLoops(
      InstructionSet set,
      @Nullable String name,
      @Nullable CodedLoops int8,
      @Nullable CodedLoops bf16) {
    this.set = set;
    routines = InterpretedRoutines.of(set);
    others = ForcedWidth.loops(set.bytes() * Byte.SIZE);
    description = "interpreted " + (name == null ? set.label() : "int8 of " + name);
    this.int8 = int8 == null ? others.int8() : int8;
    this.bf16 =
        bf16 == null && set == InstructionSet.AVX512 ? new InterpretedBf16Loops(routines) : bf16;
  }

  /** Of every instruction set. */
  public static List<InnerLoops> all() {
    return List.of(
        new InterpretedLoops(), new InterpretedLoops(InstructionSet.AVX2, null, null, null));
  }

  /** Of AVX-512, but products of coded factors are made by AMX. */
  public static InterpretedLoops amx() {
    return new InterpretedLoops(
        InstructionSet.AVX512,
        "AMX",
        InterpretedAmx.loops(Precision.INT8),
        InterpretedAmx.loops(Precision.BF16));
  }

  /** Of every form of int8; all else is of the same instruction set. */
  public static List<InnerLoops> int8Forms() {
    List<InnerLoops> forms = new ArrayList<>(List.of(amx()));
    for (InstructionSet set : InstructionSet.values()) {
      for (Int8Form form : Int8Form.values()) {
        CodedLoops int8 = new InterpretedInt8Loops(set, form);
        forms.add(new InterpretedLoops(set, form.label(set), int8, null));
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
  public @Nullable CodedLoops bf16() {
    return bf16;
  }

  @Override
  public int tileRows() {
    return TileCode.ROWS;
  }

  @Override
  public int panelColumns() {
    return set.lanes() * set.panelVectors();
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
      System.arraycopy(routines.gelu(values, set.lanes()), 0, x, offset, count);
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
    int lanes = set.lanes();
    int whole = count / lanes * lanes;
    int padded = Math.ceilDiv(count, lanes) * lanes;
    float max = Float.NEGATIVE_INFINITY;
    for (int j = whole; j < count; j++) {
      float score = x[offset + j] * scale + (bias == null ? 0 : bias[biasOffset + j]);
      x[offset + j] = score;
      max = score > max ? score : max;
    }
    Arrays.fill(x, offset + count, offset + padded, Float.NEGATIVE_INFINITY);
    float[] row = Arrays.copyOfRange(x, offset, offset + padded);
    float[] biases = bias == null ? null : Arrays.copyOfRange(bias, biasOffset, biasOffset + whole);
    float[] result = routines.softmax(row, biases, whole / lanes, lanes, scale, max);
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
    if (count % set.lanes() != 0) {
      others.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
      return;
    }
    float[] row = Arrays.copyOfRange(x, xOffset, xOffset + count);
    float[] factors = Arrays.copyOf(weight, count);
    float[] shifts = Arrays.copyOf(bias, count);
    float[] result = routines.normalise(row, factors, shifts, set.lanes(), eps);
    System.arraycopy(result, 0, y, yOffset, count);
  }
}
