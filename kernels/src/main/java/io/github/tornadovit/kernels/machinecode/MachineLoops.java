package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.machinecode.Routines.Entry;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link InnerLoops} in machine code that {@link FloatTileCode} and {@link RowCode} wrote.
 *
 * <p>A function gets the addresses of slices of Java arrays, or of memory outside the heap, each
 * slice exactly what it may touch, checked here. Calls are critical in the sense of {@link
 * Linker.Option}: the garbage collector waits for them, so each does a tile, rows that are coded, a
 * block's rows of a panel or of scores: microseconds of work, a hundred where an image is
 * multiplied by a depth of thousands in AMX.
 *
 * <p>What does not come in whole vectors, and activations other than GELU, is left to other loops.
 */
final class MachineLoops implements InnerLoops {
  static final MethodHandle TILE =
      handle(
          null, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG,
          ADDRESS);
  private static final MethodHandle GELU = handle(null, ADDRESS, JAVA_LONG);
  private static final MethodHandle SOFTMAX =
      handle(JAVA_FLOAT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT);
  private static final MethodHandle NORMALISE =
      handle(null, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT);
  private static final MethodHandle STORE =
      handle(null, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

  private final InstructionSet set;
  private final InnerLoops others;
  private final CodedLoops int8;
  private final @Nullable CodedLoops bf16;
  private final int lanes;
  private final int width;

  // Addresses of functions.
  private final MemorySegment[] tiles;
  private final MemorySegment gelu;
  private final MemorySegment softmax;
  private final MemorySegment biasedSoftmax;
  private final MemorySegment normalise;
  private final MemorySegment store;
  private final MemorySegment scaledStore;
  private final MemorySegment addedStore;
  private final MemorySegment scaledAddedStore;

  /**
   * Loops of an instruction set that the processor has.
   *
   * @param processorFlags as in {@link InstructionSet#isIn}, for what multiplies coded factors
   * @param others for what these leave out; their {@link InnerLoops#activate} takes any count that
   *     is a multiple of these loops' {@link #panelColumns()}
   * @throws UnsupportedOperationException if the system does not allow it
   */
  MachineLoops(InstructionSet set, Set<String> processorFlags, InnerLoops others) {
    this.set = set;
    this.others = others;
    this.lanes = set.lanes();
    this.width = lanes * set.panelVectors();
    Routines routines = new Routines(set, Int8Form.of(set, processorFlags));
    MemorySegment code = CodeMemory.holding(routines);
    CodedLoops right =
        checked(
            Precision.INT8,
            routines,
            code,
            processorFlags,
            note -> new MachineInt8Loops(routines, code, note),
            Int8Check::isWrong);
    int8 = right == null ? new PortableInt8Loops(width) : right;
    bf16 =
        set.hasBf16(processorFlags)
            ? checked(
                Precision.BF16,
                routines,
                code,
                processorFlags,
                note -> new MachineBf16Loops(routines, code, note),
                Bf16Check::isWrong)
            : null;
    tiles = new MemorySegment[TileCode.ROWS];
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      tiles[rows - 1] = code.asSlice(routines.tile(rows));
    }
    gelu = code.asSlice(routines.at(Entry.GELU));
    softmax = code.asSlice(routines.at(Entry.SOFTMAX));
    biasedSoftmax = code.asSlice(routines.at(Entry.SOFTMAX_BIASED));
    normalise = code.asSlice(routines.at(Entry.NORMALISE));
    store = code.asSlice(routines.at(Entry.STORE));
    scaledStore = code.asSlice(routines.at(Entry.STORE_SCALED));
    addedStore = code.asSlice(routines.at(Entry.STORE_ADDED));
    scaledAddedStore = code.asSlice(routines.at(Entry.STORE_SCALED_ADDED));
  }

  /**
   * The best loops of a precision that give right results; null if none do.
   *
   * @param vectors not of AMX, with a note behind their description
   */
  private static @Nullable CodedLoops checked(
      Precision precision,
      Routines routines,
      MemorySegment code,
      Set<String> processorFlags,
      Function<String, CodedLoops> vectors,
      Predicate<CodedLoops> isWrong) {
    if (Amx.isIn(routines.set(), processorFlags, precision)) {
      Amx functions = new Amx(precision, routines, code);
      return AmxLoops.orVectors(precision, Amx::isPermitted, functions, vectors, isWrong);
    }
    CodedLoops loops = vectors.apply("");
    return isWrong.test(loops) ? null : loops;
  }

  @SuppressWarnings("restricted") // Only for code of this package, with slices that were checked.
  static MethodHandle handle(@Nullable MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    return Linker.nativeLinker().downcallHandle(type, Linker.Option.critical(true));
  }

  /** So many elements of an array, and an exception if it has not got them. */
  static MemorySegment slice(float[] array, int offset, long elements) {
    return MemorySegment.ofArray(array)
        .asSlice((long) offset * Float.BYTES, elements * Float.BYTES);
  }

  /** So many rows of so many elements, the last one included. */
  static MemorySegment slice(FloatRows of, int rows, int elements) {
    // The code counts rows down to 0, so must not begin there.
    if (rows < 1) {
      throw new IllegalArgumentException("rows is " + rows + ", expected at least 1");
    }
    if (of.stride() < 0) {
      throw new IllegalArgumentException("stride is " + of.stride() + ", expected at least 0");
    }
    return slice(of.array(), of.offset(), (long) (rows - 1) * of.stride() + elements);
  }

  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }

  /** What they are made of. */
  InstructionSet set() {
    return set;
  }

  @Override
  public String description() {
    return set.label() + " machine code";
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
    return width;
  }

  @Override
  public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
    if (rows > TileCode.ROWS) {
      throw new IllegalArgumentException(
          "rows is %d, expected at most %d".formatted(rows, TileCode.ROWS));
    }
    int depth = panel.depth();
    try {
      TILE.invokeExact(
          tiles[rows - 1],
          slice(a, rows, depth),
          (long) a.stride() * Float.BYTES,
          slice(panel.array(), panel.offset(), (long) depth * width),
          (long) depth,
          slice(init, rows, width),
          (long) init.stride() * Float.BYTES,
          slice(c, rows, width),
          (long) c.stride() * Float.BYTES,
          slice(panel.array(), panel.ahead(), 0));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    if (activation != Activation.GELU || count < lanes || count % lanes != 0) {
      others.activate(activation, x, offset, count);
      return;
    }
    try {
      GELU.invokeExact(gelu, slice(x, offset, count), (long) (count / lanes));
    } catch (Throwable e) {
      throw unexpected(e);
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
    if (columns > width) {
      throw new IllegalArgumentException(
          "columns is %d, expected at most %d".formatted(columns, width));
    }
    if (columns < width) {
      storePart(x, xOffset, scale, accumulate, y, rows, columns);
      return;
    }
    MemorySegment from = slice(x, xOffset, (long) rows * width);
    MemorySegment to = slice(y, rows, width);
    MemorySegment factors = scale == null ? MemorySegment.NULL : slice(scale, rows, width);
    MemorySegment function =
        scale == null
            ? accumulate ? addedStore : store
            : accumulate ? scaledAddedStore : scaledStore;
    try {
      STORE.invokeExact(
          function,
          from,
          factors,
          scale == null ? 0 : (long) scale.stride() * Float.BYTES,
          to,
          (long) y.stride() * Float.BYTES,
          (long) rows);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private void storePart(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns) {
    for (int i = 0; i < rows; i++) {
      int row = y.at(i);
      for (int j = 0; j < columns; j++) {
        float value = x[xOffset + i * width + j];
        if (scale != null) {
          value *= scale.array()[scale.at(i) + j];
        }
        y.array()[row + j] = accumulate ? y.array()[row + j] + value : value;
      }
    }
  }

  @Override
  public float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + ", expected at least 1");
    }
    int whole = count / lanes;
    int padded = Math.ceilDiv(count, lanes);
    // The scores that fill no vector; behind them, scores whose exp counts for nothing.
    float max = Float.NEGATIVE_INFINITY;
    for (int j = whole * lanes; j < count; j++) {
      float score = x[offset + j] * scale + (bias == null ? 0 : bias[biasOffset + j]);
      x[offset + j] = score;
      max = score > max ? score : max;
    }
    Arrays.fill(x, offset + count, offset + padded * lanes, Float.NEGATIVE_INFINITY);
    MemorySegment row = slice(x, offset, (long) padded * lanes);
    MemorySegment biases =
        bias == null ? MemorySegment.NULL : slice(bias, biasOffset, (long) whole * lanes);
    MemorySegment function = bias == null ? softmax : biasedSoftmax;
    try {
      return (float)
          SOFTMAX.invokeExact(function, row, biases, (long) whole, (long) padded, scale, max);
    } catch (Throwable e) {
      throw unexpected(e);
    }
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
    if (count < lanes || count % lanes != 0) {
      others.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
      return;
    }
    try {
      NORMALISE.invokeExact(
          normalise,
          slice(x, xOffset, count),
          slice(weight, 0, count),
          slice(bias, 0, count),
          slice(y, yOffset, count),
          (long) (count / lanes),
          (float) count,
          eps);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
