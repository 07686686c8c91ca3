package io.github.tornadovit.kernels.pooling;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * One token of each image: {@code y[b,0,:] = x[b,row,:]}.
 *
 * <p>Shapes: {@code x [B, T, D]}, {@code y [B, 1, D]}.
 *
 * @param input x
 * @param row which token, 0 being the class token
 * @param output y
 */
public record SelectToken(Buffer input, int row, Buffer output) implements Operation {

  public SelectToken {
    require(row >= 0 && row < input.rows(), "select token: row %d of %s", row, input);
    require(
        output.rows() == 1 && output.columns() == input.columns(),
        "select token: input %s, output %s",
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
