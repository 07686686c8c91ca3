package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;

/**
 * Selects the products of a forward pass that run in a reduced precision: the four of each encoder
 * block, 95 % of a base model's arithmetic, and those of its attention. The patch embedding, which
 * reads pixels, and pooler and classifier, whose results users read, stay float32.
 *
 * <p>In bf16 and in int8 the factors of attention are bf16 where the backend gains by it, else
 * float32, as they are in f16.
 */
final class PrecisionPolicy {
  /** How the names of the encoder's blocks begin. */
  static final String BLOCK = "block ";

  private PrecisionPolicy() {}

  /**
   * The program with its products in a precision.
   *
   * @param ranges of the inputs of layers, by their weights
   * @param attendsInBf16 whether what runs it has attention in bf16
   */
  static Program apply(
      Program program,
      Precision precision,
      Map<Weight, ColumnRanges> ranges,
      boolean attendsInBf16) {
    Precision attention = ofAttention(precision, attendsInBf16);
    return program.replacing(
        (section, operation) ->
            section.name().startsWith(BLOCK)
                ? switch (operation) {
                  case Linear op -> op.in(precision, ranges.get(op.weight()));
                  case Attention op -> op.in(attention);
                  default -> operation;
                }
                : operation);
  }

  private static Precision ofAttention(Precision precision, boolean attendsInBf16) {
    return switch (precision) {
      case BF16, INT8 -> attendsInBf16 ? Precision.BF16 : Precision.F32;
      case F32, F16 -> Precision.F32;
    };
  }
}
