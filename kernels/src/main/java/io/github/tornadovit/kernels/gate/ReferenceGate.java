package io.github.tornadovit.kernels.gate;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.linear.ReferenceActivation;

/** {@link Gate} by its definition, in double. */
public final class ReferenceGate implements Step {
  private final Gate op;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public ReferenceGate(Gate op, HostBuffers buffers) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int width = op.output().columns();
    for (int row = 0; row < batch * op.output().rows(); row++) {
      for (int j = 0; j < width; j++) {
        int gate = row * 2 * width + j;
        double opened = ReferenceActivation.apply(op.activation(), x[gate]);
        y[row * width + j] = (float) (opened * x[gate + width]);
      }
    }
  }
}
