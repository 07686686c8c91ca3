package io.github.tornadovit.kernels.attention;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights that {@link Attention} gives to the values, {@code y = softmax(q k^T * scale +
 * bias)}, for callers that want to see them: {@code Attention} never has them in memory. One head
 * each, or the mean of all heads.
 *
 * <p>Shapes: {@code qkv} and {@code bias} as {@link Attention}. {@code y [B, H T, T]}: the row of
 * head h and query t is {@code h T + t}; or {@code y [B, T, T]}, the mean of the heads.
 *
 * <p>In float32, also where that attention's factors are rounded.
 *
 * <p>NaN and infinities in queries, keys and bias as {@link Attention}: a row is NaN, or has 0
 * where a key is left out. A mean is NaN where one head is.
 *
 * @param qkv queries, keys and values side by side; the values are not read
 * @param heads H
 * @param scale of the scores, usually {@code d^-0.5}
 * @param bias added to the scaled scores (BEiT's relative positions), or null
 * @param output y; its rows say whether heads are averaged
 */
public record AttentionWeights(
    Buffer qkv, int heads, float scale, @Nullable Weight bias, Buffer output) implements Operation {

  public AttentionWeights {
    int tokens = qkv.rows();
    require(
        heads >= 1 && qkv.columns() % (3 * heads) == 0,
        "attention weights: %d heads, %s",
        heads,
        qkv);
    require(
        (output.rows() == tokens || output.rows() == heads * tokens) && output.columns() == tokens,
        "attention weights: %d heads, qkv %s, output %s",
        heads,
        qkv,
        output);
    require(
        bias == null || (bias.rows() == heads * tokens && bias.columns() == tokens),
        "attention weights: %d heads, %d tokens, bias %s",
        heads,
        tokens,
        bias);
  }

  /** d, the width of one head. */
  public int headSize() {
    return qkv.columns() / (3 * heads);
  }

  /** Maps in the output: H, or 1 for the mean. */
  public int maps() {
    return output.rows() / qkv.rows();
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(qkv);
  }

  @Override
  public List<Weight> weights() {
    return bias == null ? List.of() : List.of(bias);
  }

  @Override
  public long flops() {
    return 2L * qkv.rows() * qkv.rows() * heads * headSize();
  }
}
