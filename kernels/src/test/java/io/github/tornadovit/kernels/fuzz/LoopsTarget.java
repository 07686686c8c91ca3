package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import java.util.Random;

/** One function of the inner loops as the fuzzer sees it. */
interface LoopsTarget {
  /** Floats before and after what a function may touch: an odd number, at most so many. */
  int MOST_GUARDS = 19;

  /** The name of the method. */
  String name();

  /** A shape. */
  Parameters draw(Random random);

  /** Calls the function between guards; fails if the result or a guard is wrong. */
  void check(InnerLoops loops, Parameters parameters, ValueSource values);

  /** An offset that aligns nothing. */
  static int offset(ValueSource values) {
    return 1 + values.random().nextInt(MOST_GUARDS);
  }
}
