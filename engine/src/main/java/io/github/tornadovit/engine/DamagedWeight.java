package io.github.tornadovit.engine;

import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Optional;

/** Looks for the weight that makes what a model computes not finite. */
final class DamagedWeight {
  private DamagedWeight() {}

  /**
   * Says of the first weight with a value that is not finite where that is. Reads all of them: for
   * a pass that has failed.
   */
  static Optional<String> of(Program program) {
    return program.weights().stream().flatMap(weight -> in(weight).stream()).findFirst();
  }

  private static Optional<String> in(Weight weight) {
    float[] row = new float[weight.columns()];
    for (int i = 0; i < weight.rows(); i++) {
      weight.copyRows(i, 1, row, 0);
      for (int j = 0; j < row.length; j++) {
        if (!Float.isFinite(row[j])) {
          return Optional.of("'%s' holds %s at [%d, %d]".formatted(weight, row[j], i, j));
        }
      }
    }
    return Optional.empty();
  }
}
