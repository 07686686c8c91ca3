package io.github.tornadovit.kernels.pooling;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.RowOperation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The element-wise mean of two values, {@code y = (a + b) / 2}: the two heads of a distilled DeiT.
 *
 * <p>Shapes: all {@code [B, R, C]}. y may overwrite a or b.
 *
 * @param first a
 * @param second b
 * @param output y
 */
public record Average(Buffer first, Buffer second, Buffer output) implements RowOperation {

  public Average {
    require(
        first.rows() == second.rows() && first.columns() == second.columns(),
        "average: %s and %s",
        first,
        second);
    require(
        output.rows() == first.rows() && output.columns() == first.columns(),
        "average: input %s, output %s",
        first,
        output);
  }

  @Override
  public Average on(UnaryOperator<Buffer> inputs, Buffer otherOutput) {
    return new Average(inputs.apply(first), inputs.apply(second), otherOutput);
  }

  @Override
  public boolean isAffine() {
    return true;
  }

  @Override
  public List<Buffer> overwritable() {
    return List.of(first, second);
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(first, second);
  }

  @Override
  public List<Weight> weights() {
    return List.of();
  }

  @Override
  public long flops() {
    return 2L * output.size();
  }
}
