package io.github.tornadovit.kernels.machinecode;

import org.jspecify.annotations.Nullable;

/** The last operand of a vector instruction: a register, memory or a constant. */
sealed interface Operand {

  /**
   * A vector register.
   *
   * @param number from 0 on
   */
  record Vector(int number) implements Operand {}

  /** The same float in every lane, kept behind the code. Equal bits are one constant. */
  record Constant(int bits) implements Operand {
    static Constant of(float value) {
      return new Constant(Float.floatToRawIntBits(value));
    }
  }

  /** A place in memory: {@code base + scale index + displacement}, in bytes. */
  record Address(Register base, @Nullable Register index, int scale, int displacement)
      implements Operand {
    public Address {
      if (index == Register.RSP || Integer.bitCount(scale) != 1 || scale < 1 || scale > 8) {
        throw new IllegalArgumentException("no address: index %s times %d".formatted(index, scale));
      }
    }

    static Address at(Register base, int displacement) {
      return new Address(base, null, 1, displacement);
    }

    static Address at(Register base, Register index, int scale, int displacement) {
      return new Address(base, index, scale, displacement);
    }

    /** So many bytes behind this one. */
    Address plus(int bytes) {
      return new Address(base, index, scale, displacement + bytes);
    }
  }
}
