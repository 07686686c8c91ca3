package io.github.tornadovit.kernels.tokens;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
 * @param prefix the class token and what else comes before the patches, or null for none
 * @param positions one row per token, or null for none; one of the two is there
 * @param output y
 */
public record EmbedTokens(
    Buffer patches, @Nullable Weight prefix, @Nullable Weight positions, Buffer output)
    implements Operation {

  public EmbedTokens {
    int width = output.columns();
    require(
        (prefix == null ? positions != null : prefix.columns() == width)
            && patches.columns() == width
            && prefixTokens(prefix) + patches.rows() == output.rows(),
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

  /** k. */
  public int prefixTokens() {
    return prefixTokens(prefix);
  }

  private static int prefixTokens(@Nullable Weight prefix) {
    return prefix == null ? 0 : prefix.rows();
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(patches);
  }

  @Override
  public List<Weight> weights() {
    return Stream.of(prefix, positions).filter(Objects::nonNull).toList();
  }

  @Override
  public long flops() {
    return positions == null ? 0 : output.size();
  }
}
