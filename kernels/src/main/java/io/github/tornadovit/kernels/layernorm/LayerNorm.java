package io.github.tornadovit.kernels.layernorm;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.RowOperation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Layer normalisation (Ba et al. 2016) of each row: {@code y = (x - mean) / sqrt(var + eps) *
 * weight + bias}, with the biased variance, as two passes over the row.
 *
 * <p>Shapes: {@code x, y [B, R, D]}, {@code weight, bias [D]}. y may overwrite x.
 *
 * <p>NaN and infinities: one in a row of x makes that row of y NaN; one in element j of weight or
 * bias makes column j NaN or infinite. A row of values beyond {@code 1e19 / sqrt(D)} or so, whose
 * squares float32 does not hold, is not normalised: it becomes the bias or NaN.
 *
 * @param input x
 * @param weight scale per channel
 * @param bias shift per channel
 * @param eps added to the variance
 * @param output y
 */
public record LayerNorm(Buffer input, Weight weight, Weight bias, float eps, Buffer output)
    implements RowOperation {

  public LayerNorm {
    int width = input.columns();
    require(weight.rows() == 1 && weight.columns() == width, "layer norm: weight %s", weight);
    require(bias.rows() == 1 && bias.columns() == width, "layer norm: bias %s", bias);
    require(
        output.rows() == input.rows() && output.columns() == width,
        "layer norm: input %s, output %s",
        input,
        output);
  }

  @Override
  public LayerNorm on(UnaryOperator<Buffer> inputs, Buffer otherOutput) {
    return new LayerNorm(inputs.apply(input), weight, bias, eps, otherOutput);
  }

  @Override
  public boolean isAffine() {
    return false;
  }

  @Override
  public List<Buffer> overwritable() {
    return List.of(input);
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(input);
  }

  @Override
  public List<Weight> weights() {
    return List.of(weight, bias);
  }

  @Override
  public long flops() {
    return 8L * input.size();
  }
}
