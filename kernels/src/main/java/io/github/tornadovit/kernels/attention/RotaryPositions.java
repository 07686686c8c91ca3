package io.github.tornadovit.kernels.attention;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;

/**
 * Rotary position embedding (Su et al. 2021, "RoFormer", section 3.2.2) of the queries and keys
 * that {@link Attention} takes: in each head of the last P tokens element j and element {@code j +
 * d/2} turn together, {@code y[j] = x[j] cos[p,j] - x[j + d/2] sin[p,j]} and {@code y[j + d/2] =
 * x[j + d/2] cos[p,j] + x[j] sin[p,j]} for {@code j < d/2}. Values, and the tokens before the last
 * P, stay as they are.
 *
 * <p>Shapes: {@code qkv [B, T, 3 H d]} and {@code y} as {@link Attention} has them; {@code
 * rotations [P, d]}, a row of d/2 cosines and d/2 sines for each patch, which all heads share.
 *
 * <p>NaN and infinities reach both elements of their pair, as the formula says: an infinity turned
 * by a sine of 0 is NaN.
 *
 * @param qkv queries, keys and values side by side
 * @param heads H
 * @param rotations of the last tokens: the patches, behind class token and registers
 * @param output y; may lie where qkv does
 */
public record RotaryPositions(Buffer qkv, int heads, Weight rotations, Buffer output)
    implements Operation {

  public RotaryPositions {
    require(
        heads >= 1 && qkv.columns() % (6 * heads) == 0,
        "rotary positions: %d heads, %s, which are not of pairs",
        heads,
        qkv);
    require(
        rotations.columns() == qkv.columns() / 3 / heads && rotations.rows() <= qkv.rows(),
        "rotary positions: %d heads, %s, rotations %s",
        heads,
        qkv,
        rotations);
    require(
        output.rows() == qkv.rows() && output.columns() == qkv.columns(),
        "rotary positions: qkv %s, output %s",
        qkv,
        output);
  }

  /** d, the width of one head. */
  public int headSize() {
    return rotations.columns();
  }

  /** The tokens before those that are turned. */
  public int prefixTokens() {
    return qkv.rows() - rotations.rows();
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(qkv);
  }

  @Override
  public List<Buffer> overwritable() {
    return List.of(qkv);
  }

  @Override
  public List<Weight> weights() {
    return List.of(rotations);
  }

  @Override
  public long flops() {
    return 6L * rotations.rows() * heads * headSize();
  }
}
