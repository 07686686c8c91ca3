package io.github.tornadovit.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector length, fixed when this class is loaded: the JIT compiler needs species to be
 * constants.
 */
final class VectorWidth {
  /** Bits below which vectors do not pay. */
  static final int SMALLEST = 128;

  /** Floats of a vector. */
  static final VectorSpecies<Float> FLOATS = floats();

  /** As many ints. */
  static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(FLOATS.vectorBitSize()));

  /** Bits of a vector. */
  static final int BITS = FLOATS.vectorBitSize();

  /** Floats in a vector. */
  static final int LANES = FLOATS.length();

  /**
   * Vectors across a tile. A tile of six rows needs 6 v registers for sums, v for the panel and one
   * for the left factor: 15 with v = 2, which 16 registers hold (x86 below AVX-512); 29 with v = 4,
   * which 32 hold (AVX-512, ARM).
   */
  static final int VECTORS = BITS == 512 || System.getProperty("os.arch").equals("aarch64") ? 4 : 2;

  private VectorWidth() {}

  private static VectorSpecies<Float> floats() {
    int bits = Integer.getInteger(LoopsChoice.PROPERTY, 0);
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }
}
