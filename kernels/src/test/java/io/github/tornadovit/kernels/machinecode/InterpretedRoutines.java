package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.machinecode.Routines.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@link Routines}, called in an {@link X86Interpreter}. Each row of each argument
 * lies in memory of its own, exactly as large as the function may touch.
 */
final class InterpretedRoutines {
  /** Far from each other and from null; the code begins at 0, with its constants behind it. */
  private static final long A = 0x100_0000_0004L;

  private static final long B = 0x200_0000_000cL;
  private static final long C = 0x300_0000_0004L;
  private static final long D = 0x400_0000_0014L;
  private static final long E = 0x500_0000_000cL;
  private static final long F = 0x600_0000_0004L;
  private static final long STACK = 0x7fff_0000_0008L;

  /** What a function that calls no other may use below the stack pointer. */
  private static final int RED_ZONE = 128;

  private static final long NOWHERE = 0x6666_0000_0000L;

  private static final Map<List<Object>, InterpretedRoutines> READ = new ConcurrentHashMap<>();

  private final Routines routines;
  private final List<Disassembly.Instruction> code = new ArrayList<>();
  private final X86Program program;
  private final float[] constants;
  private final int constantsFrom;

  /** Of an instruction set; without objdump the test that calls is skipped. */
  static InterpretedRoutines of(InstructionSet set) {
    return of(set, Int8Form.QUADS);
  }

  /** The same, and of a form of int8. Read once. */
  static InterpretedRoutines of(InstructionSet set, Int8Form form) {
    return READ.computeIfAbsent(
        List.of(set, form), key -> new InterpretedRoutines(new Routines(set, form)));
  }

  private InterpretedRoutines(Routines routines) {
    this.routines = routines;
    byte[] bytes = routines.code();
    InstructionSet set = routines.set();
    int last = routines.at(Entry.STORE_SCALED_ADDED);
    int end = 0;
    for (Disassembly.Instruction one : Disassembly.of(bytes)) {
      code.add(one);
      if (one.position() > last && one.text().equals("ret")) {
        end = one.position() + 1;
        break;
      }
    }
    program = new X86Program(code);
    constantsFrom = Math.ceilDiv(end, set.bytes()) * set.bytes();
    constants = new float[(bytes.length - constantsFrom) / Float.BYTES];
    ByteBuffer.wrap(bytes, constantsFrom, constants.length * Float.BYTES)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(constants);
  }

  /** The instructions, without the constants. */
  List<Disassembly.Instruction> code() {
    return List.copyOf(code);
  }

  private X86Memory memory(long... stacked) {
    X86Memory memory = new X86Memory();
    memory.map("the constants", constantsFrom, false, constants);
    float[] garbage = new float[RED_ZONE / Float.BYTES];
    Arrays.fill(garbage, Float.NaN);
    memory.map("the red zone", STACK - RED_ZONE, true, garbage);
    // The return address lies at the stack pointer; the arguments belong to who is called.
    ByteBuffer arguments =
        memory.map("the stack", STACK + Long.BYTES, true, stacked.length * Long.BYTES);
    for (long argument : stacked) {
      arguments.putLong(argument);
    }
    return memory;
  }

  private X86Interpreter processor(X86Memory memory, long... arguments) {
    X86Interpreter processor = new X86Interpreter(program, memory);
    processor.set("rsp", STACK);
    List<String> registers = List.of("rdi", "rsi", "rdx", "rcx", "r8", "r9");
    for (int i = 0; i < arguments.length; i++) {
      processor.set(registers.get(i), arguments[i]);
    }
    return processor;
  }

  /** Rows, some bytes apart; all the same row if there is no distance. */
  private static void map(
      X86Memory memory, String name, long base, boolean writable, long stride, float[][] rows) {
    for (int i = 0; i < (stride == 0 ? 1 : rows.length); i++) {
      memory.map("row %d of %s".formatted(i, name), base + i * stride, writable, rows[i]);
    }
  }

  private static float[][] rows(X86Memory memory, long base, long stride, int count) {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = memory.floats(base + i * stride);
    }
    return rows;
  }

  /**
   * A tile.
   *
   * @param gap floats from the end of a row to the next, of a and c and init
   * @param init one row for all, or null to start from what c holds
   * @param c its rows before
   * @return its rows after
   */
  float[][] tile(
      float[][] a, float[] panel, float @Nullable [] init, float[][] c, int depth, int gap) {
    long aStride = (depth + gap) * (long) Float.BYTES;
    long cStride = (c[0].length + gap) * (long) Float.BYTES;
    X86Memory memory = memory(C, cStride, NOWHERE);
    if (aStride == 0) {
      map(memory, "a", A, false, 0, new float[1][0]);
    } else {
      map(memory, "a", A, false, aStride, a);
    }
    memory.map("the panel", B, false, panel);
    if (init != null) {
      memory.map("init", D, false, init);
    }
    map(memory, "c", C, true, cStride, c);
    processor(memory, A, aStride, B, depth, init == null ? C : D, init == null ? cStride : 0)
        .call(routines.tile(a.length));
    return rows(memory, C, cStride, c.length);
  }

  /**
   * An int8 tile.
   *
   * @param a codes of rows that are stride bytes apart
   * @return its results
   */
  float[] int8Tile(
      byte[] a, int stride, int rows, byte[] panel, int groups, int[] rowEnds, int[] columnEnds) {
    int width = columnEnds.length / 3;
    X86Memory memory = memory(C, (long) width * Float.BYTES, NOWHERE);
    memory.map("a", A, false, a.length).put(a);
    memory.map("the panel", B, false, panel.length).put(panel);
    memory.map("ends of rows", D, false, rowEnds.length * Integer.BYTES).asIntBuffer().put(rowEnds);
    memory
        .map("ends of columns", E, false, columnEnds.length * Integer.BYTES)
        .asIntBuffer()
        .put(columnEnds);
    memory.map("c", C, true, new float[rows * width]);
    processor(memory, A, stride, B, groups, D, E).call(routines.int8Tile(rows));
    return memory.floats(C);
  }

  /**
   * A tile of bfloat16.
   *
   * @param a codes of rows that are stride bytes apart
   * @param bias of the columns
   * @return its results
   */
  float[] bf16Tile(byte[] a, int stride, int rows, byte[] panel, int groups, float[] bias) {
    X86Memory memory = memory(C, (long) bias.length * Float.BYTES, NOWHERE);
    memory.map("a", A, false, a.length).put(a);
    memory.map("the panel", B, false, panel.length).put(panel);
    memory.map("bias", D, false, bias);
    memory.map("c", C, true, new float[rows * bias.length]);
    processor(memory, A, stride, B, groups, D, 0).call(routines.bf16Tile(rows));
    return memory.floats(C);
  }

  /**
   * Tiles in AMX's registers, see {@link AmxTileCode}; each argument all that may be touched.
   *
   * @param sumBytes of the sums
   * @param c what is there before
   * @return c after
   */
  byte[] amxTiles(
      Precision precision,
      byte[] shapes,
      long aStride,
      long steps,
      byte[] init,
      int sumBytes,
      byte[] a,
      byte[] strip,
      byte[] c,
      long cStride,
      long whole,
      long tall,
      long low,
      long chunks,
      long strips) {
    X86Memory memory = memory(A, B, C, cStride, whole, tall, low, chunks, strips);
    memory.map("a", A, false, a.length).put(a);
    memory.map("the strips", B, false, strip.length).put(strip);
    ByteBuffer results = memory.map("c", C, true, c.length).put(c);
    memory.map("init", D, false, init.length).put(init);
    memory.map("the shapes", E, false, shapes.length).put(shapes);
    memory.map("the sums", F, true, sumBytes);
    processor(memory, E, aStride, steps, D, F, AmxTileCode.STRIP_BYTES)
        .call(routines.amxTiles(precision));
    return contents(results);
  }

  /** Sums of whole rows to floats. */
  byte[] int8Finish(byte[] sums, byte[] rowEnds, byte[] columnEnds, long rows, long cStride) {
    X86Memory memory = memory();
    ByteBuffer c = memory.map("c", C, true, sums.length).put(sums);
    memory.map("ends of rows", D, false, rowEnds.length).put(rowEnds);
    memory.map("ends of columns", E, false, columnEnds.length).put(columnEnds);
    processor(memory, C, D, E, rows, cStride).call(routines.at(Entry.INT8_FINISH));
    return contents(c);
  }

  private static byte[] contents(ByteBuffer region) {
    byte[] bytes = new byte[region.capacity()];
    region.rewind().get(bytes);
    return bytes;
  }

  /**
   * Codes rows as bfloat16.
   *
   * @param vectors of a row
   * @param before the memory of the codes, before
   * @param xStride elements from one row to the next
   * @param codesStride bytes from one row's codes to the next's
   */
  byte[] bf16Codes(float[] x, int vectors, byte[] before, int rows, int xStride, int codesStride) {
    X86Memory memory = memory();
    memory.map("x", A, false, x);
    ByteBuffer codes = memory.map("the codes", B, true, before.length).put(before);
    processor(memory, A, vectors, B, rows, (long) xStride * Float.BYTES, codesStride)
        .call(routines.at(Entry.BF16_CODES));
    return contents(codes);
  }

  /** What a softmax in bfloat16 gives. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Numerators(byte[] codes, float[] inverses) {}

  /**
   * A softmax in bfloat16; arguments as {@link RowCode#softmaxBf16} has them, as they are before.
   */
  Numerators bf16Softmax(
      float[] x,
      long xStride,
      float[] bias,
      long biasStride,
      byte[] codes,
      long codesStride,
      float[] inverses,
      long vectors,
      long rows,
      float scale) {
    X86Memory memory = memory(D, vectors, rows);
    memory.map("x", A, true, x);
    memory.map("bias", B, false, bias);
    ByteBuffer to = memory.map("the codes", C, true, codes.length).put(codes);
    memory.map("the inverses", D, true, inverses);
    X86Interpreter processor = processor(memory, A, xStride, B, biasStride, C, codesStride);
    processor.set(0, scale);
    processor.call(routines.at(Entry.BF16_SOFTMAX));
    return new Numerators(contents(to), memory.floats(D));
  }

  /** Rows transposed; arguments as {@link ArrangeCode#transpose} has them. */
  byte[] bf16Transpose(byte[] rows, long stride, byte[] to, long toStride, long blocks) {
    return arranged(Entry.BF16_TRANSPOSE, rows, to, A, stride, B, toStride, blocks);
  }

  /** Rows two by two; arguments as {@link ArrangeCode#interleave} has them. */
  byte[] bf16Interleave(
      byte[] rows, long stride, byte[] to, long toStride, long pairs, long vectors) {
    return arranged(Entry.BF16_INTERLEAVE, rows, to, A, stride, B, toStride, pairs, vectors);
  }

  private byte[] arranged(Entry entry, byte[] rows, byte[] before, long... arguments) {
    X86Memory memory = memory();
    memory.map("the rows", A, false, rows.length).put(rows);
    ByteBuffer to = memory.map("the panel", B, true, before.length).put(before);
    processor(memory, arguments).call(routines.at(entry));
    return contents(to);
  }

  /** The extremes of a row: three vectors. */
  float[] int8Range(float[] x, int lanes) {
    X86Memory memory = memory();
    memory.map("x", A, false, x);
    memory.map("the extremes", B, true, new float[3 * lanes]);
    processor(memory, A, x.length / lanes, B).call(routines.at(Entry.INT8_RANGE));
    return memory.floats(B);
  }

  /** The codes of a row. */
  byte[] int8Codes(float[] x, int lanes, int[] code, int bytes) {
    X86Memory memory = memory();
    memory.map("x", A, false, x);
    memory.map("how to code", B, false, code.length * Integer.BYTES).asIntBuffer().put(code);
    ByteBuffer codes = memory.map("the codes", C, true, bytes);
    processor(memory, A, x.length / lanes, B, C).call(routines.at(Entry.INT8_CODES));
    return contents(codes);
  }

  float[] gelu(float[] x, int lanes) {
    X86Memory memory = memory();
    memory.map("x", A, true, x);
    processor(memory, A, x.length / lanes).call(routines.at(Entry.GELU));
    return memory.floats(A);
  }

  /** Exponentials and, behind them, their sum. */
  float[] softmax(
      float[] x, float @Nullable [] bias, int scored, int lanes, float scale, float max) {
    X86Memory memory = memory();
    memory.map("x", A, true, x);
    if (bias != null) {
      memory.map("bias", B, false, bias);
    }
    X86Interpreter processor = processor(memory, A, bias == null ? 0 : B, scored, x.length / lanes);
    processor.set(0, scale);
    processor.set(1, max);
    processor.call(routines.at(bias == null ? Entry.SOFTMAX : Entry.SOFTMAX_BIASED));
    float[] result = Arrays.copyOf(memory.floats(A), x.length + 1);
    result[x.length] = processor.result();
    return result;
  }

  float[] normalise(float[] x, float[] weight, float[] bias, int lanes, float eps) {
    X86Memory memory = memory();
    memory.map("x", A, false, x);
    memory.map("weight", B, false, weight);
    memory.map("bias", D, false, bias);
    memory.map("y", C, true, new float[x.length]);
    X86Interpreter processor = processor(memory, A, B, D, C, x.length / lanes);
    processor.set(0, x.length);
    processor.set(1, eps);
    processor.call(routines.at(Entry.NORMALISE));
    return memory.floats(C);
  }

  /** The same with y = x. */
  float[] normaliseInPlace(float[] x, float[] weight, float[] bias, int lanes, float eps) {
    X86Memory memory = memory();
    memory.map("x", A, true, x);
    memory.map("weight", B, false, weight);
    memory.map("bias", D, false, bias);
    X86Interpreter processor = processor(memory, A, B, D, A, x.length / lanes);
    processor.set(0, x.length);
    processor.set(1, eps);
    processor.call(routines.at(Entry.NORMALISE));
    return memory.floats(A);
  }

  /**
   * A store.
   *
   * @param scale rows, or one for all, or null
   * @param y its rows before
   * @param gap floats from the end of a row of y or scale to the next
   * @return its rows after
   */
  float[][] store(float[] x, float @Nullable [][] scale, boolean accumulate, float[][] y, int gap) {
    X86Memory memory = memory();
    memory.map("x", A, false, x);
    long stride = (y[0].length + gap) * (long) Float.BYTES;
    long scaleStride = scale == null || scale.length == 1 ? 0 : stride;
    if (scale != null) {
      map(memory, "scale", B, false, scaleStride, scale);
    }
    map(memory, "y", C, true, stride, y);
    Entry entry =
        scale == null
            ? accumulate ? Entry.STORE_ADDED : Entry.STORE
            : accumulate ? Entry.STORE_SCALED_ADDED : Entry.STORE_SCALED;
    processor(memory, A, scale == null ? 0 : B, scaleStride, C, stride, y.length)
        .call(routines.at(entry));
    return rows(memory, C, stride, y.length);
  }
}
