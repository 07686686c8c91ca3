package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes of x86-64 instructions: the few that the inner loops need, one method each, the destination
 * first. A vector instruction works on whole registers of the {@link InstructionSet}; one whose
 * name ends in {@code 4} on the lowest four floats, in {@code 1} on the lowest one.
 *
 * <p>Displacements and jumps take 32 bits always: no short forms to choose wrongly.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, sections 2.1
 * (ModRM, SIB), 2.3 (VEX), 2.7 (EVEX) and the instructions' pages.
 */
final class Assembler {
  /** Opcode maps, as VEX and EVEX number them. */
  private static final int MAP_0F = 1;

  private static final int MAP_0F38 = 2;
  private static final int MAP_0F3A = 3;

  /** Implied prefixes, likewise. */
  private static final int NP = 0;

  private static final int P66 = 1;
  private static final int PF3 = 2;

  /** VEX instructions reach so many vector registers. */
  private static final int VEX_REGISTERS = 16;

  /** Vector lengths, as EVEX numbers them; VEX has a bit for the first two. */
  private static final int BITS_128 = 0;

  private static final int BITS_256 = 1;
  private static final int BITS_512 = 2;

  /** ModRM's mode for a register, and for a memory operand with 32 bits of displacement. */
  private static final int MODE_REGISTER = 0xc0;

  private static final int MODE_MEMORY = 0x80;

  /** ModRM's or SIB's way to say that a SIB byte follows, that there is no index. */
  private static final int ESCAPE = 4;

  /** ModRM for a displacement from the next instruction. */
  private static final int FROM_HERE = 5;

  private static final int NOP = 0x90;

  /** A place to jump to. */
  static final class Label {
    private int position = -1;
  }

  private record Jump(int displacement, Label target) {}

  private final InstructionSet set;
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final List<Jump> jumps = new ArrayList<>();

  /** Where the displacements to a constant stand. */
  private final Map<Constant, List<Integer>> constants = new LinkedHashMap<>();

  /** An empty piece of code. */
  Assembler(InstructionSet set) {
    this.set = set;
  }

  /** The vector registers in use. */
  InstructionSet set() {
    return set;
  }

  /** Where the next instruction will begin, in bytes from the start. */
  int position() {
    return code.size();
  }

  /** Fills up with {@code nop} to a multiple of so many bytes. */
  void align(int bytes) {
    while (position() % bytes != 0) {
      code.write(NOP);
    }
  }

  /** The code, with its constants behind it. */
  byte[] finish() {
    align(set.bytes());
    Map<Integer, Integer> targets = new LinkedHashMap<>();
    constants.forEach(
        (constant, uses) -> {
          uses.forEach(use -> targets.put(use, position()));
          for (int lane = 0; lane < set.lanes(); lane++) {
            int32(constant.bits());
          }
        });
    for (Jump jump : jumps) {
      if (jump.target.position < 0) {
        throw new IllegalStateException("a jump to a label that was not bound");
      }
      targets.put(jump.displacement, jump.target.position);
    }
    byte[] bytes = code.toByteArray();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // A displacement counts from the end of its instruction, which is its own.
    targets.forEach((use, target) -> buffer.putInt(use, target - (use + Integer.BYTES)));
    return bytes;
  }

  // Jumps.

  /** The label is here. */
  void bind(Label label) {
    label.position = position();
  }

  /** Jumps if the last integer instruction gave zero. */
  void jumpIfZero(Label target) {
    jump(0x84, target);
  }

  /** Jumps if the last integer instruction did not give zero. */
  void jumpIfNotZero(Label target) {
    jump(0x85, target);
  }

  private void jump(int opcode, Label target) {
    code.write(0x0f);
    code.write(opcode);
    jumps.add(new Jump(position(), target));
    int32(0);
  }

  /** Clears the upper parts of the vector registers, as the calling convention wants; returns. */
  void leave() {
    code.writeBytes(new byte[] {(byte) 0xc5, (byte) 0xf8, 0x77, (byte) 0xc3});
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
    code.write(bits);
  }

  /** Gives the register's value to the next jump. */
  void test(Register register) {
    integer(0x85, register.number(), register);
  }

  private void integer(int opcode, int reg, Register rm) {
    code.write(0x48 | reg >> 3 << 2 | rm.number() >> 3);
    code.write(opcode);
    code.write(MODE_REGISTER | low(reg) << 3 | low(rm.number()));
  }

  private void integer(int opcode, Register reg, Address rm) {
    code.write(0x48 | reg.number() >> 3 << 2 | indexOf(rm) >> 3 << 1 | rm.base().number() >> 3);
    code.write(opcode);
    memory(reg.number(), rm);
  }

  /** Brings the cache line at an address to the second level cache; never fails. */
  void prefetch(Address address) {
    code.write(0x40 | indexOf(address) >> 3 << 1 | address.base().number() >> 3);
    code.write(0x0f);
    code.write(0x18);
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
    code.write(bits);
  }

  /** {@code to = sign bit of by ? negative : positive}, lane by lane. */
  void selectBySign(Vector to, Vector by, Vector positive, Vector negative) {
    if (set == InstructionSet.AVX2) {
      checkVex(by.number());
      whole(P66, MAP_0F3A, 0x4a, to.number(), positive.number(), negative);
      code.write(by.number() << 4);
    } else {
      // The signs to mask register 1; then a blend by it.
      evex(PF3, MAP_0F38, 0x39, 1, 0, by, 0);
      evex(P66, MAP_0F38, 0x65, to.number(), positive.number(), negative, 1);
    }
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

  // Encoding.

  private void whole(int prefix, int map, int opcode, int reg, int first, Operand rm) {
    if (set == InstructionSet.AVX2) {
      vex(BITS_256, prefix, map, opcode, reg, first, rm);
    } else {
      evex(prefix, map, opcode, reg, first, rm, 0);
    }
  }

  /** With {@code first} in VEX.vvvv; 0 where an instruction has no such operand. */
  private void vex(int length, int prefix, int map, int opcode, int reg, int first, Operand rm) {
    checkVex(Math.max(Math.max(reg, first), rm instanceof Vector v ? v.number() : 0));
    code.write(0xc4);
    code.write(absent(reg >> 3, 7) | absent(indexBit(rm), 6) | absent(baseBit(rm), 5) | map);
    code.write(inverted(first) | length << 2 | prefix);
    code.write(opcode);
    operand(reg, rm);
  }

  private static void checkVex(int register) {
    if (register >= VEX_REGISTERS) {
      throw new IllegalArgumentException("VEX has no register above 15");
    }
  }

  private void evex(int prefix, int map, int opcode, int reg, int first, Operand rm, int mask) {
    code.write(0x62);
    code.write(
        absent(reg >> 3, 7)
            | absent(indexBit(rm), 6)
            | absent(baseBit(rm), 5)
            | absent(reg >> 4, 4)
            | map);
    code.write(inverted(first) | 0x04 | prefix);
    code.write(BITS_512 << 5 | absent(first >> 4, 3) | mask);
    code.write(opcode);
    operand(reg, rm);
  }

  /** The lowest bit inverted, at its place in a prefix. */
  private static int absent(int bit, int place) {
    return (~bit & 1) << place;
  }

  /** VEX.vvvv: four bits of a register's number, inverted. */
  private static int inverted(int register) {
    return (~register & 0xf) << 3;
  }

  /** What ModRM and SIB hold of a register's number. */
  private static int low(int register) {
    return register & 7;
  }

  /** Bit 3 of the index, or bit 4 of a vector register. */
  private static int indexBit(Operand rm) {
    return switch (rm) {
      case Vector vector -> vector.number() >> 4;
      case Address address -> indexOf(address) >> 3;
      case Constant constant -> 0;
    };
  }

  /** Bit 3 of the base, or of a vector register. */
  private static int baseBit(Operand rm) {
    return switch (rm) {
      case Vector vector -> vector.number() >> 3 & 1;
      case Address address -> address.base().number() >> 3;
      case Constant constant -> 0;
    };
  }

  private static int indexOf(Address address) {
    return address.index() == null ? ESCAPE : address.index().number();
  }

  private void operand(int reg, Operand rm) {
    switch (rm) {
      case Vector vector -> code.write(MODE_REGISTER | low(reg) << 3 | low(vector.number()));
      case Address address -> memory(reg, address);
      case Constant constant -> {
        code.write(low(reg) << 3 | FROM_HERE);
        constants.computeIfAbsent(constant, key -> new ArrayList<>()).add(position());
        int32(0);
      }
    }
  }

  private void memory(int reg, Address address) {
    int base = low(address.base().number());
    if (address.index() == null && base != ESCAPE) {
      code.write(MODE_MEMORY | low(reg) << 3 | base);
    } else {
      code.write(MODE_MEMORY | low(reg) << 3 | ESCAPE);
      int scale = Integer.numberOfTrailingZeros(address.scale());
      code.write(scale << 6 | low(indexOf(address)) << 3 | base);
    }
    int32(address.displacement());
  }

  private void int32(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      code.write(value >> shift);
    }
  }
}
