package io.github.tornadovit.kernels.program;

import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.Average;
import java.util.function.UnaryOperator;

/** An operation that makes each row of its output from that row of its inputs alone. */
public sealed interface RowOperation extends Operation permits Linear, LayerNorm, Gate, Average {

  /** Whether it is an affine map: the mean of some rows is what it makes of their mean. */
  boolean isAffine();

  /**
   * The same operation of other values.
   *
   * @param inputs for each of its inputs another one
   * @param output with as many rows as those
   */
  Operation on(UnaryOperator<Buffer> inputs, Buffer output);
}
