package io.github.tornadovit.kernels.pooling;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * {@code y = x}: keeps the value of a buffer that later operations overwrite.
 *
 * <p>Shapes: both {@code [B, R, C]}.
 *
 * @param input x
 * @param output y
 */
public record Copy(Buffer input, Buffer output) implements Operation {

  public Copy {
    require(
        input.rows() == output.rows() && input.columns() == output.columns(),
        "copy: input %s, output %s",
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
