package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.machinecode.X86Program.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Runs disassembled functions: the instructions that occur in {@link Routines}, as Intel's manual
 * defines them, on any machine. What it does not know, and what the calling convention forbids,
 * fails.
 */
final class X86Interpreter {
  private static final Pattern PLACE = Pattern.compile("(?:(\\w+) PTR )?\\[(.*)]");
  private static final Pattern TERM = Pattern.compile("([+-]?)([a-z0-9]+)(?:\\*([1248]))?");

  private static final List<String> GENERAL =
      List.of(
          "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
          "r13", "r14", "r15");

  /** What a function must leave as it is. */
  private static final Set<String> CALLEE_SAVED =
      Set.of("rbx", "rbp", "rsp", "r12", "r13", "r14", "r15");

  private static final int WIDEST = 16;
  private static final int LIMIT = 1_000_000;

  /** Of two floats, lane by lane. */
  private interface Two {
    float of(float x, float y);
  }

  /** Of the destination, and two more. */
  private interface Three {
    float of(float to, float x, float y);
  }

  private final X86Program program;
  private final X86Memory memory;
  private final long[] general = new long[GENERAL.size()];
  private final float[][] vectors = new float[32][WIDEST];
  private final boolean[] k1 = new boolean[WIDEST];
  private final X86Tiles tiles;

  private boolean zero;

  /** Whether an instruction has set the flags since they were last undefined. */
  private boolean flags;

  /** A processor for a few instructions. */
  X86Interpreter(List<Disassembly.Instruction> instructions, X86Memory memory) {
    this(new X86Program(instructions), memory);
  }

  /** A processor with values in its registers that no function may count on. */
  X86Interpreter(X86Program program, X86Memory memory) {
    this.program = program;
    this.memory = memory;
    this.tiles = new X86Tiles(memory);
    Arrays.fill(general, 0x5a5a5a5a5a5a5a5aL);
    float[] garbage = {Float.NaN, 1e30f, -1e30f, Float.POSITIVE_INFINITY};
    for (float[] vector : vectors) {
      for (int lane = 0; lane < WIDEST; lane++) {
        vector[lane] = garbage[lane % garbage.length];
      }
    }
  }

  /** Sets an integer register, the stack pointer too. */
  void set(String register, long value) {
    general[GENERAL.indexOf(register)] = value;
  }

  /** Sets the lowest float of a vector register. */
  void set(int vector, float value) {
    vectors[vector][0] = value;
  }

  /** The lowest float of vector register 0: where a function gives its result back. */
  float result() {
    return vectors[0][0];
  }

  /** Runs a function from its entry to its return. */
  void call(int entry) {
    int position = entry;
    for (int count = 0; count < LIMIT; count++) {
      Step step = program.at(position);
      if (step.mnemonic().equals("ret")) {
        returns();
        return;
      }
      try {
        position = run(step);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("at %#x, %s: %s".formatted(position, step, e.getMessage()), e);
      }
    }
    throw new AssertionError("does not return");
  }

  /** Dirty upper parts would slow down code that comes after; of tiles the JVM knows nothing. */
  private void returns() {
    expect(tiles.areReleased(), "returns with shapes of tiles");
    for (int vector = 0; vector < 16; vector++) {
      for (int lane = 4; lane < WIDEST; lane++) {
        if (vectors[vector][lane] != 0) {
          throw new AssertionError("returns with the upper part of register %d".formatted(vector));
        }
      }
    }
  }

  private int run(Step step) {
    List<String> o = step.operands();
    switch (step.mnemonic()) {
      case "nop", "prefetcht1" -> {}
      case "je", "jne" -> {
        if (!flags) {
          throw new AssertionError("jumps by undefined flags");
        }
        if (zero == step.mnemonic().equals("je")) {
          return Integer.decode(o.getFirst());
        }
      }
      case "mov" -> {
        if (isPlace(o.getFirst())) {
          expect(sizeOf(o.getFirst()).equals("QWORD"), "not 64 bits");
          memory.storeLong(address(o.getFirst()), integer(o.get(1)));
        } else {
          set(o, integer(o.get(1)));
        }
      }
      case "lea" -> set(o, address(o.get(1)));
      case "test" -> flag(integer(o.get(0)) & integer(o.get(1)));
      case "add" -> set(o, flag(integer(o.get(0)) + integer(o.get(1))));
      case "sub" -> set(o, flag(integer(o.get(0)) - integer(o.get(1))));
      case "and" -> set(o, flag(integer(o.get(0)) & integer(o.get(1))));
      case "shr" -> set(o, flag(integer(o.get(0)) >>> integer(o.get(1))));
      case "vzeroupper" -> {
        for (int vector = 0; vector < 16; vector++) {
          Arrays.fill(vectors[vector], 4, WIDEST, 0);
        }
      }
      case "ldtilecfg" -> tiles.shape(address(o.getFirst()));
      case "tilerelease" -> tiles.release();
      case "tileloadd" -> {
        long stride = stride(o.get(1));
        tiles.load(tile(o.getFirst()), address(o.get(1)) - stride, stride);
      }
      case "tilestored" -> {
        long stride = stride(o.getFirst());
        tiles.store(tile(o.get(1)), address(o.getFirst()) - stride, stride);
      }
      case "tdpbusd" -> tiles.quads(tile(o.get(0)), tile(o.get(1)), tile(o.get(2)));
      case "tdpbf16ps" -> tiles.bf16Pairs(tile(o.get(0)), tile(o.get(1)), tile(o.get(2)));
      default -> vector(step.mnemonic(), o);
    }
    return step.next();
  }

  private static int tile(String register) {
    expect(register.matches("tmm[0-7]"), "no tile register: " + register);
    return register.charAt(3) - '0';
  }

  /** What lies between the rows of a tile: the index of its address times the scale. */
  private long stride(String place) {
    Matcher term = TERM.matcher(place);
    while (term.find()) {
      if (term.group(3) != null) {
        return general(term.group(2)) * Integer.parseInt(term.group(3));
      }
    }
    throw new AssertionError("no stride: " + place);
  }

  private void vector(String mnemonic, List<String> o) {
    switch (mnemonic) {
      case "vmovups" -> {
        if (isPlace(o.getFirst())) {
          store(o.getFirst(), read(o.get(1), lanes(o.get(1))));
        } else {
          write(o.getFirst(), read(o.get(1), lanes(o.getFirst())));
        }
      }
      case "vbroadcastss" -> {
        float[] all = new float[lanes(o.getFirst())];
        Arrays.fill(all, read(o.get(1), 1)[0]);
        write(o.getFirst(), all);
      }
      case "vaddps" -> lanewise(o, (x, y) -> x + y);
      case "vsubps" -> lanewise(o, (x, y) -> x - y);
      case "vmulps" -> lanewise(o, (x, y) -> x * y);
      case "vdivps" -> lanewise(o, (x, y) -> x / y);
      // The second if one is NaN, or if both are zeros.
      case "vmaxps" -> lanewise(o, (x, y) -> x > y ? x : y);
      case "vpand", "vpandd" -> lanewise(o, (x, y) -> floatOf(bits(x) & bits(y)));
      case "vpaddd" -> lanewise(o, (x, y) -> floatOf(bits(x) + bits(y)));
      case "vpsubd" -> lanewise(o, (x, y) -> floatOf(bits(x) - bits(y)));
      case "vpmulld" -> lanewise(o, (x, y) -> floatOf(bits(x) * bits(y)));
      case "vpminsd" -> lanewise(o, (x, y) -> floatOf(Math.min(bits(x), bits(y))));
      case "vpmaxsd" -> lanewise(o, (x, y) -> floatOf(Math.max(bits(x), bits(y))));
      case "vminps" -> lanewise(o, (x, y) -> x < y ? x : y);
      case "vpmaddwd" -> lanewise(o, X86Integers::pairs);
      case "vpdpbusd" -> fused(o, X86Integers::quads);
      case "vdpbf16ps" -> fused(o, X86Integers::bf16Pairs);
      case "vcvtdq2ps" -> unary(o, x -> (float) bits(x));
      case "vcvtps2dq" -> unary(o, X86Integers::rounded);
      case "vpmovsxbw" -> {
        float[] from = read(o.get(1), lanes(o.getFirst()) / 2);
        write(o.getFirst(), X86Integers.widened(from));
      }
      case "vpmovzxwd" -> {
        float[] from = read(o.get(1), lanes(o.getFirst()) / 2);
        write(o.getFirst(), X86Integers.words(from));
      }
      case "vunpcklps" -> arrange(o, 4, new int[] {0, 4, 1, 5});
      case "vunpckhps" -> arrange(o, 4, new int[] {2, 6, 3, 7});
      case "vshufps" -> arrange(o, 4, selection(o));
      case "vshuff32x4" -> {
        expect(lanes(o.getFirst()) == WIDEST, "not four parts");
        arrange(o, WIDEST, parts(selection(o)));
      }
      case "vpmovdw" -> store(o.getFirst(), X86Integers.narrowed(read(o.get(1), WIDEST), 2));
      case "vpmovdb" -> store(o.getFirst(), X86Integers.narrowed(read(o.get(1), WIDEST), 1));
      case "vcvtneps2bf16" ->
          write(o.getFirst(), X86Integers.bf16Of(read(o.get(1), 2 * lanes(o.getFirst()))));
      case "vextracti128" -> {
        expect(o.get(2).equals("0x1"), "not the upper half");
        float[] from = read(o.get(1), 8);
        write(o.getFirst(), Arrays.copyOfRange(from, 4, 8));
      }
      case "vpackssdw" ->
          write(o.getFirst(), X86Integers.packedWords(read(o.get(1), 4), read(o.get(2), 4)));
      case "vpackuswb" ->
          write(o.getFirst(), X86Integers.packedBytes(read(o.get(1), 4), read(o.get(2), 4)));
      case "vmovq" -> store(o.getFirst(), Arrays.copyOf(read(o.get(1), 4), 2));
      case "vpslld" -> {
        int shift = (int) integer(o.get(2));
        float[] from = read(o.get(1), lanes(o.getFirst()));
        for (int lane = 0; lane < from.length; lane++) {
          from[lane] = floatOf(shift > 31 ? 0 : bits(from[lane]) << shift);
        }
        write(o.getFirst(), from);
      }
      case "vfmadd231ps" -> fused(o, (to, x, y) -> Math.fma(x, y, to));
      case "vfnmadd231ps" -> fused(o, (to, x, y) -> Math.fma(-x, y, to));
      case "vfmadd213ps" -> fused(o, (to, x, y) -> Math.fma(x, to, y));
      case "vblendvps" -> {
        float[] by = read(o.get(3), lanes(o.getFirst()));
        select(o, o.getFirst(), lane -> bits(by[lane]) < 0);
      }
      case "vpmovd2m" -> {
        expect(o.getFirst().equals("k1"), "another mask");
        float[] signs = read(o.get(1), WIDEST);
        for (int lane = 0; lane < WIDEST; lane++) {
          k1[lane] = bits(signs[lane]) < 0;
        }
      }
      case "vblendmps" -> {
        expect(o.getFirst().endsWith("{k1}"), "no mask");
        select(o, o.getFirst().replace("{k1}", ""), lane -> k1[lane]);
      }
      case "vaddss" -> lowest(o, (x, y) -> x + y);
      case "vdivss" -> lowest(o, (x, y) -> x / y);
      case "vmaxss" -> lowest(o, (x, y) -> x > y ? x : y);
      case "vsqrtss" -> lowest(o, (x, y) -> (float) Math.sqrt(y));
      default -> throw new AssertionError("unknown instruction");
    }
  }

  private void lanewise(List<String> o, Two operation) {
    expect(o.size() == 3, "not three operands");
    int lanes = lanes(o.getFirst());
    float[] x = read(o.get(1), lanes);
    float[] y = read(o.get(2), lanes);
    float[] to = new float[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      to[lane] = operation.of(x[lane], y[lane]);
    }
    write(o.getFirst(), to);
  }

  private void unary(List<String> o, UnaryOperator<Float> operation) {
    float[] to = read(o.get(1), lanes(o.getFirst()));
    for (int lane = 0; lane < to.length; lane++) {
      to[lane] = operation.apply(to[lane]);
    }
    write(o.getFirst(), to);
  }

  /**
   * Lanes of two operands in another order, in each group of so many alone.
   *
   * @param order places in the group of the first, then of the second
   */
  private void arrange(List<String> o, int group, int[] order) {
    int lanes = lanes(o.getFirst());
    float[] x = read(o.get(1), lanes);
    float[] y = read(o.get(2), lanes);
    float[] to = new float[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      int first = lane / group * group;
      int from = order[lane % group];
      to[lane] = from < group ? x[first + from] : y[first + from - group];
    }
    write(o.getFirst(), to);
  }

  /** Two of the first operand's four places and two of the second's, as an immediate says. */
  private int[] selection(List<String> o) {
    int which = (int) integer(o.get(3));
    return new int[] {which & 3, which >> 2 & 3, 4 + (which >> 4 & 3), 4 + (which >> 6 & 3)};
  }

  /** The same of parts of four lanes. */
  private static int[] parts(int[] selection) {
    return IntStream.range(0, WIDEST).map(i -> 4 * selection[i / 4] + i % 4).toArray();
  }

  private void fused(List<String> o, Three operation) {
    float[] before = read(o.getFirst(), lanes(o.getFirst())).clone();
    float[] x = read(o.get(1), before.length);
    float[] y = read(o.get(2), before.length);
    for (int lane = 0; lane < before.length; lane++) {
      before[lane] = operation.of(before[lane], x[lane], y[lane]);
    }
    write(o.getFirst(), before);
  }

  private void select(List<String> o, String to, IntPredicate second) {
    float[] first = read(o.get(1), lanes(to));
    float[] other = read(o.get(2), lanes(to));
    for (int lane = 0; lane < first.length; lane++) {
      first[lane] = second.test(lane) ? other[lane] : first[lane];
    }
    write(to, first);
  }

  /** An operation of lane 0; lanes 1 to 3 come from the second operand, the rest becomes zero. */
  private void lowest(List<String> o, Two operation) {
    float[] to = read(o.get(1), 4);
    to[0] = operation.of(to[0], read(o.get(2), 1)[0]);
    write(o.getFirst(), to);
  }

  private static boolean isPlace(String operand) {
    return operand.endsWith("]");
  }

  /** Lanes of a vector register, from its name. */
  private static int lanes(String register) {
    return switch (register.charAt(0)) {
      case 'x' -> 4;
      case 'y' -> 8;
      case 'z' -> WIDEST;
      default -> throw new AssertionError("no vector register: " + register);
    };
  }

  private static int number(String register) {
    expect(register.matches("[xyz]mm\\d+"), "no vector register: " + register);
    return Integer.parseInt(register.substring(3));
  }

  /** A copy of so many lanes, of which the operand must be. */
  private float[] read(String operand, int lanes) {
    if (isPlace(operand)) {
      expect(sizeOf(operand).equals(size(lanes)), "not " + size(lanes));
      long address = address(operand);
      float[] values = new float[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        values[lane] = memory.loadFloat(address + (long) lane * Float.BYTES);
      }
      return values;
    }
    // One lane is named by its 128-bit register.
    expect(lanes(operand) == Math.max(lanes, 4), "not %d lanes".formatted(lanes));
    return Arrays.copyOf(vectors[number(operand)], lanes);
  }

  /** The lanes above become zero. */
  private void write(String register, float[] values) {
    expect(lanes(register) == values.length, "not %d lanes".formatted(values.length));
    vectors[number(register)] = Arrays.copyOf(values, WIDEST);
  }

  private void store(String place, float[] values) {
    expect(sizeOf(place).equals(size(values.length)), "not " + size(values.length));
    long address = address(place);
    for (int lane = 0; lane < values.length; lane++) {
      memory.storeFloat(address + (long) lane * Float.BYTES, values[lane]);
    }
  }

  private static String size(int lanes) {
    return switch (lanes) {
      case 1 -> "DWORD";
      case 2 -> "QWORD";
      case 4 -> "XMMWORD";
      case 8 -> "YMMWORD";
      default -> "ZMMWORD";
    };
  }

  private static String sizeOf(String place) {
    Matcher matcher = PLACE.matcher(place);
    expect(matcher.matches(), "no place: " + place);
    return matcher.group(1) == null ? "" : matcher.group(1);
  }

  private long address(String place) {
    Matcher matcher = PLACE.matcher(place);
    expect(matcher.matches(), "no place: " + place);
    String sum = matcher.group(2);
    Matcher term = TERM.matcher(sum);
    long address = 0;
    int end = 0;
    while (term.find() && term.start() == end) {
      String name = term.group(2);
      long value = name.startsWith("0x") ? Long.decode(name) : general(name);
      value *= term.group(3) == null ? 1 : Integer.parseInt(term.group(3));
      address += term.group(1).equals("-") ? -value : value;
      end = term.end();
    }
    expect(end == sum.length(), "no address: " + sum);
    return address;
  }

  private long general(String register) {
    int number = GENERAL.indexOf(register);
    expect(number >= 0, "no register: " + register);
    return general[number];
  }

  private long integer(String operand) {
    if (isPlace(operand)) {
      expect(sizeOf(operand).equals("QWORD"), "not 64 bits");
      return memory.loadLong(address(operand));
    }
    return operand.startsWith("0x")
        ? Long.parseUnsignedLong(operand.substring(2), 16)
        : general(operand);
  }

  private void set(List<String> operands, long value) {
    String register = operands.getFirst();
    expect(GENERAL.contains(register), "no register: " + register);
    expect(
        !CALLEE_SAVED.contains(register), "changes " + register + ", which belongs to the caller");
    set(register, value);
  }

  private long flag(long value) {
    zero = value == 0;
    flags = true;
    return value;
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static float floatOf(int bits) {
    return Float.intBitsToFloat(bits);
  }

  private static void expect(boolean right, String otherwise) {
    if (!right) {
      throw new AssertionError(otherwise);
    }
  }
}
