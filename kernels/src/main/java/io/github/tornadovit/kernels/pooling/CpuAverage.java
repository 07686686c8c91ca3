package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link Average} by the calling thread: it is used on logits. */
public final class CpuAverage implements Step {
  private final Average op;
  private final float[] a;
  private final float[] b;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public CpuAverage(Average op, HostBuffers buffers) {
    this.op = op;
    this.a = buffers.of(op.first());
    this.b = buffers.of(op.second());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int count = batch * op.output().size();
    for (int i = 0; i < count; i++) {
      // Halves first: the sum of two large values may overflow.
      y[i] = 0.5f * a[i] + 0.5f * b[i];
    }
  }
}
