package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Bytes of x86-64 instructions: the few that the inner loops need, one method each, the destination
 * first. A vector instruction works on whole registers of the {@link InstructionSet}; one whose
 * name ends in {@code 4} on the lowest four floats, in {@code 1} on the lowest one.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, the
 * instructions' pages.
 */
final class Assembler extends Encoding {
  /** An empty piece of code. */
  Assembler(InstructionSet set) {
    super(set);
  }

  // Jumps.

  /** Jumps if the last integer instruction gave zero. */
  void jumpIfZero(Label target) {
    jump(0x84, target);
  }

  /** Jumps if the last integer instruction did not give zero. */
  void jumpIfNotZero(Label target) {
    jump(0x85, target);
  }

  /** Clears the upper parts of the vector registers, as the calling convention wants; returns. */
  void leave() {
    bytes(0xc5, 0xf8, 0x77, 0xc3);
  }

  // Integers of 64 bits.

  /** {@code to = from}. */
  void move(Register to, Register from) {
    integer(0x89, from.number(), to);
  }

  /** {@code to = [from]}. */
  void load(Register to, Address from) {
    integer(0x8b, to, from);
  }

  /** {@code [to] = from}. */
  void store(Address to, Register from) {
    integer(0x89, from, to);
  }

  /** {@code to = base + scale index + displacement}. */
  void address(Register to, Address of) {
    integer(0x8d, to, of);
  }

  /** {@code to += from}. */
  void add(Register to, Register from) {
    integer(0x01, from.number(), to);
  }

  /** {@code to += value}. */
  void add(Register to, int value) {
    integer(0x81, 0, to);
    int32(value);
  }

  /** {@code to -= value}. */
  void subtract(Register to, int value) {
    integer(0x81, 5, to);
    int32(value);
  }

  /** {@code to &= value}. */
  void and(Register to, int value) {
    integer(0x81, 4, to);
    int32(value);
  }

  /** {@code to >>>= bits}. */
  void shiftRight(Register to, int bits) {
    integer(0xc1, 5, to);
    bytes(bits);
  }

  /** Gives the register's value to the next jump. */
  void test(Register register) {
    integer(0x85, register.number(), register);
  }

  /** Brings the cache line at an address to the second level cache; never fails. */
  void prefetch(Address address) {
    bytes(0x40 | indexOf(address) >> 3 << 1 | address.base().number() >> 3, 0x0f, 0x18);
    memory(2, address);
  }

  // Vectors: moves.

  /** {@code to = from}. */
  void load(Vector to, Operand from) {
    whole(NP, MAP_0F, 0x10, to.number(), 0, from);
  }

  /** {@code [to] = from}. */
  void store(Address to, Vector from) {
    whole(NP, MAP_0F, 0x11, from.number(), 0, to);
  }

  /** {@code to = the float in memory or the lowest of a register, in every lane}. */
  void broadcast(Vector to, Operand from) {
    whole(P66, MAP_0F38, 0x18, to.number(), 0, from);
  }

  // Vectors: float arithmetic.

  /** {@code to = x + y}. */
  void add(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x58, to.number(), x.number(), y);
  }

  /** {@code to = x - y}. */
  void subtract(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x5c, to.number(), x.number(), y);
  }

  /** {@code to = x * y}. */
  void multiply(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x59, to.number(), x.number(), y);
  }

  /** {@code to = x / y}. */
  void divide(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x5e, to.number(), x.number(), y);
  }

  /** {@code to = x > y ? x : y}: y if one of them is NaN. */
  void max(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x5f, to.number(), x.number(), y);
  }

  /** {@code to += x * y}, rounded once. */
  void multiplyAdd(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0xb8, to.number(), x.number(), y);
  }

  /** {@code to -= x * y}, rounded once. */
  void multiplySubtract(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0xbc, to.number(), x.number(), y);
  }

  /** {@code to = to * x + y}, rounded once. */
  void timesPlus(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0xa8, to.number(), x.number(), y);
  }

  // Vectors: bits.

  /** {@code to = x & y}. */
  void and(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F, 0xdb, to.number(), x.number(), y);
  }

  /** {@code to = x + y} as ints. */
  void addInts(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F, 0xfe, to.number(), x.number(), y);
  }

  /** {@code to = x << bits} as ints. */
  void shiftIntsLeft(Vector to, Vector x, int bits) {
    whole(P66, MAP_0F, 0x72, 6, to.number(), x);
    bytes(bits);
  }

  /** {@code to = sign bit of by ? negative : positive}, lane by lane. */
  void selectBySign(Vector to, Vector by, Vector positive, Vector negative) {
    if (set() == InstructionSet.AVX2) {
      checkVex(by.number());
      whole(P66, MAP_0F3A, 0x4a, to.number(), positive.number(), negative);
      bytes(by.number() << 4);
    } else {
      // The signs to mask register 1; then a blend by it.
      evex(PF3, MAP_0F38, 0x39, 1, 0, by, 0);
      evex(P66, MAP_0F38, 0x65, to.number(), positive.number(), negative, 1);
    }
  }

  // Vectors: integers.

  /** {@code to = 0}, all bits. */
  void clear(Vector to) {
    subtractInts(to, to, to);
  }

  /** {@code to = x - y} as ints. */
  void subtractInts(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F, 0xfa, to.number(), x.number(), y);
  }

  /** {@code to = x * y} as ints, the lower 32 bits. */
  void multiplyInts(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0x40, to.number(), x.number(), y);
  }

  /** {@code to = the smaller of x and y} as ints. */
  void minInts(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0x39, to.number(), x.number(), y);
  }

  /** {@code to = the larger of x and y} as ints. */
  void maxInts(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0x3d, to.number(), x.number(), y);
  }

  /** {@code to = x[2i] y[2i] + x[2i + 1] y[2i + 1]}: 16-bit factors, 32-bit sums. */
  void multiplyPairs(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F, 0xf5, to.number(), x.number(), y);
  }

  /** {@code to += sum of x[4i + n] y[4i + n]}: x of unsigned, y of signed bytes. */
  void addQuads(Vector to, Vector x, Operand y) {
    whole(P66, MAP_0F38, 0x50, to.number(), x.number(), y);
  }

  /** {@code to += x[2i] y[2i] + x[2i + 1] y[2i + 1]}: factors of bfloat16; AVX-512 alone has it. */
  void addBf16Pairs(Vector to, Vector x, Operand y) {
    if (set() != InstructionSet.AVX512) {
      throw new IllegalArgumentException(set() + " has no products of bfloat16");
    }
    whole(PF3, MAP_0F38, 0x52, to.number(), x.number(), y);
  }

  /** {@code to = signed bytes}, half a vector of them, as 16-bit integers. */
  void widenBytes(Vector to, Address from) {
    whole(P66, MAP_0F38, 0x20, to.number(), 0, from);
  }

  /** {@code to = unsigned 16-bit integers}, half a vector of them, as ints. */
  void widenWords(Vector to, Address from) {
    whole(P66, MAP_0F38, 0x33, to.number(), 0, from);
  }

  // Vectors: order, in each 128 bits alone unless it says otherwise.

  /** {@code to = x0 y0 x1 y1}. */
  void interleaveLow(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x14, to.number(), x.number(), y);
  }

  /** {@code to = x2 y2 x3 y3}. */
  void interleaveHigh(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x15, to.number(), x.number(), y);
  }

  /** {@code to = two of x, then two of y}: two bits of {@code which} each, the lowest first. */
  void select(Vector to, Vector x, Vector y, int which) {
    whole(NP, MAP_0F, 0xc6, to.number(), x.number(), y);
    bytes(which);
  }

  /** The same of parts of 128 bits; AVX-512 alone. */
  void select4(Vector to, Vector x, Vector y, int which) {
    if (set() != InstructionSet.AVX512) {
      throw new IllegalArgumentException(set() + " has no four parts of 128 bits");
    }
    whole(P66, MAP_0F3A, 0x23, to.number(), x.number(), y);
    bytes(which);
  }

  /** {@code to = (float) from}, ints rounded to the nearest. */
  void toFloats(Vector to, Operand from) {
    whole(NP, MAP_0F, 0x5b, to.number(), 0, from);
  }

  /** {@code to = from} rounded to the nearest ints, ties to even. */
  void toInts(Vector to, Operand from) {
    whole(P66, MAP_0F, 0x5b, to.number(), 0, from);
  }

  /** {@code to = the smaller of x and y}; y if one of them is NaN. */
  void min(Vector to, Vector x, Operand y) {
    whole(NP, MAP_0F, 0x5d, to.number(), x.number(), y);
  }

  /**
   * Stores ints of 0 to 255 as 16-bit integers, in order.
   *
   * @param from is overwritten
   * @param spare likewise
   */
  void storeAsWords(Address to, Vector from, Vector spare) {
    if (set() == InstructionSet.AVX2) {
      packWords(from, spare);
      store4(to, from);
    } else {
      evex(PF3, MAP_0F38, 0x33, from.number(), 0, to, 0);
    }
  }

  /** Stores ints of 0 to 255 as bytes, in order; overwrites as {@link #storeAsWords}. */
  void storeAsBytes(Address to, Vector from, Vector spare) {
    if (set() == InstructionSet.AVX2) {
      packWords(from, spare);
      vex(BITS_128, P66, MAP_0F, 0x67, from.number(), from.number(), from);
      vex(BITS_128, P66, MAP_0F, 0xd6, from.number(), 0, to);
    } else {
      evex(PF3, MAP_0F38, 0x31, from.number(), 0, to, 0);
    }
  }

  /**
   * Stores floats as bfloat16, in order, rounded to the nearest, ties to even; subnormal ones
   * become zeros. AVX-512 alone has it.
   *
   * @param spare is overwritten, one of the first sixteen registers
   */
  void storeAsBf16(Address to, Operand from, Vector spare) {
    if (set() != InstructionSet.AVX512) {
      throw new IllegalArgumentException(set() + " does not round to bfloat16");
    }
    evex(PF3, MAP_0F38, 0x72, spare.number(), 0, from, 0);
    vex(BITS_256, NP, MAP_0F, 0x11, spare.number(), 0, to);
  }

  /** Eight ints to eight 16-bit integers, in the lower half. */
  private void packWords(Vector from, Vector spare) {
    vex(BITS_256, P66, MAP_0F3A, 0x39, from.number(), 0, spare);
    bytes(1);
    vex(BITS_128, P66, MAP_0F, 0x6b, from.number(), from.number(), spare);
  }

  // Parts of vectors, in the first sixteen registers.

  /** {@code to = [from]}, four floats. */
  void load4(Vector to, Address from) {
    vex(BITS_128, NP, MAP_0F, 0x10, to.number(), 0, from);
  }

  /** {@code [to] = from}, four floats. */
  void store4(Address to, Vector from) {
    vex(BITS_128, NP, MAP_0F, 0x11, from.number(), 0, to);
  }

  /** {@code to = x + y}, four floats. */
  void add4(Vector to, Vector x, Address y) {
    vex(BITS_128, NP, MAP_0F, 0x58, to.number(), x.number(), y);
  }

  /** {@code to = x > y ? x : y}, four floats. */
  void max4(Vector to, Vector x, Address y) {
    vex(BITS_128, NP, MAP_0F, 0x5f, to.number(), x.number(), y);
  }

  /** {@code to = x + y}, one float. */
  void add1(Vector to, Vector x, Operand y) {
    vex(BITS_128, PF3, MAP_0F, 0x58, to.number(), x.number(), y);
  }

  /** {@code to = x > y ? x : y}, one float. */
  void max1(Vector to, Vector x, Operand y) {
    vex(BITS_128, PF3, MAP_0F, 0x5f, to.number(), x.number(), y);
  }

  /** {@code to = x / y}, one float. */
  void divide1(Vector to, Vector x, Operand y) {
    vex(BITS_128, PF3, MAP_0F, 0x5e, to.number(), x.number(), y);
  }

  /** {@code to = square root of y}, one float. */
  void squareRoot1(Vector to, Vector y) {
    vex(BITS_128, PF3, MAP_0F, 0x51, to.number(), to.number(), y);
  }

  // Tiles, of AMX.

  /** Shapes the tile registers as 64 bytes in memory say. */
  void shapeTiles(Address from) {
    vex(BITS_128, NP, MAP_0F38, 0x49, 0, 0, from);
  }

  /** Leaves the tile registers without shapes and contents, as they were before. */
  void releaseTiles() {
    bytes(0xc4, 0xe2, 0x78, 0x49, 0xc0);
  }

  /** {@code to = rows from an address on}, the index times the scale from one to the next. */
  void loadTile(Tile to, Address from) {
    vex(BITS_128, PF2, MAP_0F38, 0x4b, to.number(), 0, withStride(from));
  }

  /** Stores rows as {@link #loadTile} loads them. */
  void storeTile(Address to, Tile from) {
    vex(BITS_128, PF3, MAP_0F38, 0x4b, from.number(), 0, withStride(to));
  }

  /**
   * {@code to[i, j] += sum of x[i, k] y[k / 4, 4 j + k % 4]} over the bytes k of a row of x: x
   * unsigned, y signed.
   */
  void addQuads(Tile to, Tile x, Tile y) {
    vex(BITS_128, P66, MAP_0F38, 0x5e, to.number(), y.number(), new Vector(x.number()));
  }

  /** {@code to[i, j] += sum of x[i, k] y[k / 2, 2 j + k % 2]}: factors of bfloat16. */
  void addBf16Pairs(Tile to, Tile x, Tile y) {
    vex(BITS_128, PF3, MAP_0F38, 0x5c, to.number(), y.number(), new Vector(x.number()));
  }

  private static Address withStride(Address address) {
    if (address.index() == null) {
      throw new IllegalArgumentException("rows of a tile without a stride");
    }
    return address;
  }
}
