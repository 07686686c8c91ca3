package io.github.tornadovit.kernels.tokens;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the prefix tokens before the embedded patches and adds the positions, in place: {@code
 * y[b,t,:] = (t < k ? prefix[t,:] : y[b,t,:]) + positions[t,:]}.
 *
 * <p>Shapes: {@code prefix [k, D]}, {@code positions [T, D]}, {@code y [B, T, D]}, {@code k <= T}.
 *
 * <p>NaN and infinities reach their own element; what the prefix replaces reaches nothing.
 *
 * @param prefix the class token and, in DeiT, the distillation token
 * @param positions one row per token, or null for none
 * @param output y, whose rows from k on hold the embedded patches
 */
public record EmbedTokens(Weight prefix, @Nullable Weight positions, Buffer output)
    implements Operation {

  public EmbedTokens {
    int width = output.columns();
    require(
        prefix.columns() == width && prefix.rows() <= output.rows(),
        "embed tokens: prefix %s, output %s",
        prefix,
        output);
    require(
        positions == null || (positions.rows() == output.rows() && positions.columns() == width),
        "embed tokens: positions %s, output %s",
        positions,
        output);
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(output);
  }

  @Override
  public List<Weight> weights() {
    return positions == null ? List.of(prefix) : List.of(prefix, positions);
  }

  @Override
  public long flops() {
    return positions == null ? 0 : output.size();
  }
}
