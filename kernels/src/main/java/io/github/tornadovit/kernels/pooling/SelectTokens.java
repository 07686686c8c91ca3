package io.github.tornadovit.kernels.pooling;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * Tokens of each image that follow one another: {@code y[b,t,:] = x[b,first + t,:]}.
 *
 * <p>Shapes: {@code x [B, T, D]}, {@code y [B, N, D]}.
 *
 * @param input x
 * @param first the first of them, 0 being the class token
 * @param output y; its rows say how many
 */
public record SelectTokens(Buffer input, int first, Buffer output) implements Operation {

  public SelectTokens {
    require(first >= 0 && first < input.rows(), "select tokens: from %d of %s", first, input);
    require(
        output.rows() <= input.rows() - first && output.columns() == input.columns(),
        "select tokens: from %d of %s, output %s",
        first,
        input,
        output);
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
    return 0;
  }
}
