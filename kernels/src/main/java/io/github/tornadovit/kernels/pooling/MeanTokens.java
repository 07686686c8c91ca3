package io.github.tornadovit.kernels.pooling;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * The mean of the tokens from one on, behind the first tokens as they are: {@code y[b,r,:] =
 * x[b,r,:]} for {@code r < R-1}, {@code y[b,R-1,:] = mean over t >= first of x[b,t,:]}.
 *
 * <p>Shapes: {@code x [B, T, D]}, {@code y [B, R, D]} with {@code 1 <= R <= first + 1}, or the same
 * values side by side, {@code [B, 1, R D]}: what a linear layer on class token and mean takes.
 *
 * <p>NaN and infinities reach the column of their image, unless their token comes before the first.
 *
 * @param input x
 * @param first the first token of the mean: the number of prefix tokens, for the mean of the
 *     patches
 * @param output y; its size says how many tokens are kept before the mean
 */
public record MeanTokens(Buffer input, int first, Buffer output) implements Operation {

  public MeanTokens {
    require(first >= 0 && first < input.rows(), "mean tokens: from %d of %s", first, input);
    require(
        (output.columns() == input.columns()
                || (output.rows() == 1 && output.columns() % input.columns() == 0))
            && output.size() <= (first + 1L) * input.columns(),
        "mean tokens: from %d of %s, output %s",
        first,
        input,
        output);
  }

  /** How many tokens go before the mean. */
  public int kept() {
    return output.size() / input.columns() - 1;
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(input);
  }

  @Override
  public List<Weight> weights() {
    return List.of();
  }

  @Override
  public long flops() {
    return (long) (input.rows() - first) * input.columns();
  }
}
