package io.github.tornadovit.kernels.linear;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with its epilogue: {@code y = [y +] scale * act(x W^T + bias)}, row by row.
 *
 * <p>Shapes: {@code x [B, R, K]}, {@code W [N, K]}, {@code bias, scale [N]}, {@code y [B, R, N]}.
 * {@code x} and {@code y} are different buffers.
 *
 * <p>NaN and infinities: one in a row of x reaches that row of y, one in row n of W or element n of
 * bias or scale reaches column n, one in y itself, if added to, its element. There the result is
 * what the formula gives: {@code relu(-inf)} is 0, {@code tanh(inf)} 1, while {@code gelu(-inf)}
 * and {@code silu(-inf)} are NaN, minus infinity times 0.
 *
 * @param input x
 * @param weight W, as checkpoints store it: one row per output
 * @param bias added to the product, or null for none
 * @param activation applied to the biased product
 * @param scale multiplied per output channel after the activation (layer scale), or null for ones
 * @param accumulate whether y is added to (a residual branch) or overwritten
 * @param output y
 */
public record Linear(
    Buffer input,
    Weight weight,
    @Nullable Weight bias,
    Activation activation,
    @Nullable Weight scale,
    boolean accumulate,
    Buffer output)
    implements Operation {

  public Linear {
    int n = weight.rows();
    require(input.columns() == weight.columns(), "linear: input %s, weight %s", input, weight);
    require(output.columns() == n, "linear: output %s, weight %s", output, weight);
    require(output.rows() == input.rows(), "linear: input %s, output %s", input, output);
    require(bias == null || (bias.rows() == 1 && bias.columns() == n), "linear: bias %s", bias);
    require(
        scale == null || (scale.rows() == 1 && scale.columns() == n), "linear: scale %s", scale);
    require(!input.equals(output), "linear: input and output are both %s", input);
  }

  /** {@code y = x W^T + bias}. */
  public static Linear of(Buffer input, Weight weight, @Nullable Weight bias, Buffer output) {
    return activated(input, weight, bias, Activation.IDENTITY, output);
  }

  /** {@code y = act(x W^T + bias)}. */
  public static Linear activated(
      Buffer input, Weight weight, @Nullable Weight bias, Activation activation, Buffer output) {
    return new Linear(input, weight, bias, activation, null, false, output);
  }

  /** {@code y = y + scale * (x W^T + bias)}: the end of a residual branch. */
  public static Linear residual(
      Buffer input, Weight weight, @Nullable Weight bias, @Nullable Weight scale, Buffer output) {
    return new Linear(input, weight, bias, Activation.IDENTITY, scale, true, output);
  }

  @Override
  public List<Buffer> inputs() {
    return accumulate ? List.of(input, output) : List.of(input);
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(List.of(weight));
    if (bias != null) {
      weights.add(bias);
    }
    if (scale != null) {
      weights.add(scale);
    }
    return weights;
  }

  @Override
  public long flops() {
    return 2L * input.rows() * input.columns() * output.columns();
  }
}
