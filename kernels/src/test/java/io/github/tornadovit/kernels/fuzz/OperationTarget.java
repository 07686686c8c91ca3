package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.program.Operation;
import java.util.Locale;
import java.util.Random;

/** One operation as the fuzzer sees it: shapes to draw, and for each the operation with bounds. */
interface OperationTarget {
  /** The operation. */
  Class<? extends Operation> type();

  /** Its name in cases. */
  default String name() {
    return type().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /**
   * A shape.
   *
   * @param most sizes up to about this
   */
  Parameters draw(Random random, int most);

  /** The operation of a shape, with its arguments. */
  Trial trial(Parameters parameters, ValueSource values);
}
