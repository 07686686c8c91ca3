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
 * The encoding of x86-64 instructions as bytes: prefixes, operands, jumps, constants. Displacements
 * and jumps take 32 bits always: no short forms to choose wrongly.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, sections 2.1
 * (ModRM, SIB), 2.3 (VEX), 2.7 (EVEX).
 */
abstract sealed class Encoding permits Assembler {
  /** Opcode maps, as VEX and EVEX number them. */
  static final int MAP_0F = 1;

  static final int MAP_0F38 = 2;
  static final int MAP_0F3A = 3;

  /** Implied prefixes, likewise. */
  static final int NP = 0;

  static final int P66 = 1;
  static final int PF3 = 2;
  static final int PF2 = 3;

  /** VEX instructions reach so many vector registers. */
  private static final int VEX_REGISTERS = 16;

  /** Vector lengths, as EVEX numbers them; VEX has a bit for the first two. */
  static final int BITS_128 = 0;

  static final int BITS_256 = 1;
  static final int BITS_512 = 2;

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

  Encoding(InstructionSet set) {
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

  /** The label is here. */
  void bind(Label label) {
    label.position = position();
  }

  /** Writes bytes as they are. */
  final void bytes(int... values) {
    for (int value : values) {
      code.write(value);
    }
  }

  /** Jumps if the condition of the opcode holds. */
  final void jump(int opcode, Label target) {
    code.write(0x0f);
    code.write(opcode);
    jumps.add(new Jump(position(), target));
    int32(0);
  }

  final void integer(int opcode, int reg, Register rm) {
    code.write(0x48 | reg >> 3 << 2 | rm.number() >> 3);
    code.write(opcode);
    code.write(MODE_REGISTER | low(reg) << 3 | low(rm.number()));
  }

  final void integer(int opcode, Register reg, Address rm) {
    code.write(0x48 | reg.number() >> 3 << 2 | indexOf(rm) >> 3 << 1 | rm.base().number() >> 3);
    code.write(opcode);
    memory(reg.number(), rm);
  }

  final void whole(int prefix, int map, int opcode, int reg, int first, Operand rm) {
    if (set == InstructionSet.AVX2) {
      vex(BITS_256, prefix, map, opcode, reg, first, rm);
    } else {
      evex(prefix, map, opcode, reg, first, rm, 0);
    }
  }

  /** With {@code first} in VEX.vvvv; 0 where an instruction has no such operand. */
  final void vex(int length, int prefix, int map, int opcode, int reg, int first, Operand rm) {
    checkVex(Math.max(Math.max(reg, first), rm instanceof Vector v ? v.number() : 0));
    code.write(0xc4);
    code.write(absent(reg >> 3, 7) | absent(indexBit(rm), 6) | absent(baseBit(rm), 5) | map);
    code.write(inverted(first) | length << 2 | prefix);
    code.write(opcode);
    operand(reg, rm);
  }

  static void checkVex(int register) {
    if (register >= VEX_REGISTERS) {
      throw new IllegalArgumentException("VEX has no register above 15");
    }
  }

  final void evex(int prefix, int map, int opcode, int reg, int first, Operand rm, int mask) {
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

  static int indexOf(Address address) {
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

  final void memory(int reg, Address address) {
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

  final void int32(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      code.write(value >> shift);
    }
  }
}
