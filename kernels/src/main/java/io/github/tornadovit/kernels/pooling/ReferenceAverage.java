package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link Average} by its definition, in double. */
public final class ReferenceAverage implements Step {
  private final Average op;
  private final float[] a;
  private final float[] b;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public ReferenceAverage(Average op, HostBuffers buffers) {
    this.op = op;
    this.a = buffers.of(op.first());
    this.b = buffers.of(op.second());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    for (int i = 0; i < batch * op.output().size(); i++) {
      y[i] = (float) (((double) a[i] + b[i]) / 2);
    }
  }
}
