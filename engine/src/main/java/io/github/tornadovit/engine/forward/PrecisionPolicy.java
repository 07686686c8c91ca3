package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;

/**
 * Selects the products of a forward pass that run in a reduced precision: the four of each encoder
 * block, 95 % of a base model's arithmetic. The patch embedding, which reads pixels, and pooler and
 * classifier, whose results users read, stay float32.
 */
final class PrecisionPolicy {
  /** How the names of the encoder's blocks begin. */
  static final String BLOCK = "block ";

  private PrecisionPolicy() {}

  /**
   * The program with its products in a precision.
   *
   * @param ranges of the inputs of layers, by their weights
   */
  static Program apply(Program program, Precision precision, Map<Weight, ColumnRanges> ranges) {
    return program.replacing(
        (section, operation) ->
            section.name().startsWith(BLOCK) && operation instanceof Linear linear
                ? linear.in(precision, ranges.get(linear.weight()))
                : operation);
  }
}
