package io.github.tornadovit.kernels.gate;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.RowOperation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A gated linear unit (Shazeer 2020, "GLU variants improve transformer") of each row, whose first
 * half is the gate: {@code y[b,r,j] = act(x[b,r,j]) * x[b,r,H + j]}. With {@link Activation#SILU}
 * it is the SwiGLU of DINOv2: {@code weights_in} makes x, {@code weights_out} takes y.
 *
 * <p>Shapes: {@code x [B, R, 2 H]}, {@code y [B, R, H]}.
 *
 * <p>NaN and infinities: one in element j or {@code H + j} of a row of x reaches element j of that
 * row of y, as the formula says: {@code silu(-inf)} is NaN, minus infinity times 0, and so is what
 * a gate of 0 makes of an infinity.
 *
 * @param input x
 * @param activation of the gate
 * @param output y
 */
public record Gate(Buffer input, Activation activation, Buffer output) implements RowOperation {

  public Gate {
    require(
        input.columns() == 2L * output.columns() && input.rows() == output.rows(),
        "gate: input %s, output %s",
        input,
        output);
  }

  @Override
  public Gate on(UnaryOperator<Buffer> inputs, Buffer otherOutput) {
    return new Gate(inputs.apply(input), activation, otherOutput);
  }

  @Override
  public boolean isAffine() {
    return false;
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(input);
  }

  @Override
  public List<Weight> weights() {
    return List.of();
  }

  /** An activation counts as eight. */
  @Override
  public long flops() {
    return 9L * output.size();
  }
}
