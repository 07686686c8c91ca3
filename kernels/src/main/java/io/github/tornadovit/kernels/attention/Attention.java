package io.github.tornadovit.kernels.attention;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention (Vaswani et al. 2017, section 3.2) of each image: {@code y = softmax(q
 * k^T * scale + bias) v}, head by head, softmax over the keys.
 *
 * <p>Shapes: {@code qkv [B, T, 3 H d]} holds the queries, then the keys, then the values of all
 * heads: {@code q[b,h,t,j] = qkv[b, t, h d + j]}, {@code k} at {@code H d}, {@code v} at {@code 2 H
 * d}. {@code bias [H T, T]}: the row of head h and query t is {@code h T + t}. {@code y [B, T, H
 * d]}, head h at column {@code h d}. {@code y} is not {@code qkv}.
 *
 * <p>Precision: in bf16 both products have factors rounded as {@link
 * io.github.tornadovit.kernels.cpu.Bf16} says, and sums in float32: q and k, and the numerators of
 * the softmax, {@code exp(s - max s)}, and v. Scale, bias, softmax and the sum that the result is
 * divided by, of the numerators before they are rounded, are float32.
 *
 * <p>NaN and infinities, each within one image and head: a score of minus infinity, by the bias or
 * the product, leaves its key out; a query whose keys are all left out, or with any score that is
 * NaN or infinity, gives NaN. So a NaN in a query makes its row of the head NaN, one in a key all
 * rows. A NaN or infinity in a value makes its column NaN or infinite in all rows, even where the
 * key is left out. In bf16 a number that rounds beyond the largest is infinite.
 *
 * @param qkv queries, keys and values side by side
 * @param heads H
 * @param scale of the scores, usually {@code d^-0.5}
 * @param bias added to the scaled scores (BEiT's relative positions), or null
 * @param precision of the factors of both products, F32 or BF16
 * @param output y
 */
public record Attention(
    Buffer qkv, int heads, float scale, @Nullable Weight bias, Precision precision, Buffer output)
    implements Operation {

  public Attention {
    require(
        precision == Precision.F32 || precision == Precision.BF16,
        "attention: %s, expected f32 or bf16",
        precision);
    int tokens = qkv.rows();
    require(heads >= 1 && qkv.columns() % (3 * heads) == 0, "attention: %d heads, %s", heads, qkv);
    require(
        output.rows() == tokens && 3 * output.columns() == qkv.columns(),
        "attention: qkv %s, output %s",
        qkv,
        output);
    require(
        bias == null || (bias.rows() == heads * tokens && bias.columns() == tokens),
        "attention: %d heads, %d tokens, bias %s",
        heads,
        tokens,
        bias);
  }

  /** In float32. */
  public Attention(Buffer qkv, int heads, float scale, @Nullable Weight bias, Buffer output) {
    this(qkv, heads, scale, bias, Precision.F32, output);
  }

  /** The same with factors in another precision. */
  public Attention in(Precision other) {
    return new Attention(qkv, heads, scale, bias, other, output);
  }

  /** d, the width of one head. */
  public int headSize() {
    return output.columns() / heads;
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
    return 4L * qkv.rows() * qkv.rows() * output.columns();
  }
}
