package io.github.tornadovit.benchmarks.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Multiply-adds on registers by the Vector API, in a class of their own so that each is compiled
 * for itself.
 */
final class VectorMultiplyAdds {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** As many chains as the machine code has. */
  private static final int CHAINS = 12;

  /** Multiply-adds of a step. */
  static final int PER_STEP = CHAINS * FLOATS.length();

  private VectorMultiplyAdds() {}

  /** Does so many steps, each a multiply-add to every sum, and returns something of them. */
  static float run(int steps) {
    FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector addend = FloatVector.broadcast(FLOATS, 1e-6f);
    FloatVector s0 = addend;
    FloatVector s1 = addend;
    FloatVector s2 = addend;
    FloatVector s3 = addend;
    FloatVector s4 = addend;
    FloatVector s5 = addend;
    FloatVector s6 = addend;
    FloatVector s7 = addend;
    FloatVector s8 = addend;
    FloatVector s9 = addend;
    FloatVector s10 = addend;
    FloatVector s11 = addend;
    // The sum is the addend: C2 copies it first if it has to stay.
    for (int step = 0; step < steps; step++) {
      s0 = factor.fma(addend, s0);
      s1 = factor.fma(addend, s1);
      s2 = factor.fma(addend, s2);
      s3 = factor.fma(addend, s3);
      s4 = factor.fma(addend, s4);
      s5 = factor.fma(addend, s5);
      s6 = factor.fma(addend, s6);
      s7 = factor.fma(addend, s7);
      s8 = factor.fma(addend, s8);
      s9 = factor.fma(addend, s9);
      s10 = factor.fma(addend, s10);
      s11 = factor.fma(addend, s11);
    }
    FloatVector first = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector second = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return first.add(second).lane(0);
  }
}
