package io.github.tornadovit.kernels.tokens;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prefix tokens before the embedded patches, and the positions added: {@code y[b,t,:] = (t < k
 * ? prefix[t,:] : x[b,t - k,:]) + positions[t,:]}.
 *
 * <p>Shapes: {@code x [B, P, D]}, {@code prefix [k, D]}, {@code positions [T, D]}, {@code y [B, T,
 * D]} with {@code T = k + P}.
 *
 * <p>NaN and infinities reach their own element.
 *
 * @param patches x
 * @param prefix the class token and, in DeiT, the distillation token
 * @param positions one row per token, or null for none
 * @param output y
 */
public record EmbedTokens(Buffer patches, Weight prefix, @Nullable Weight positions, Buffer output)
    implements Operation {

  public EmbedTokens {
    int width = output.columns();
    require(
        prefix.columns() == width
            && patches.columns() == width
            && prefix.rows() + patches.rows() == output.rows(),
        "embed tokens: prefix %s, patches %s, output %s",
        prefix,
        patches,
        output);
    require(
        positions == null || (positions.rows() == output.rows() && positions.columns() == width),
        "embed tokens: positions %s, output %s",
        positions,
        output);
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(patches);
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
