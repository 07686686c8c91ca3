package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link SelectToken} by its definition. */
public final class ReferenceSelectToken implements Step {
  private final SelectToken op;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public ReferenceSelectToken(SelectToken op, HostBuffers buffers) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int rows = op.input().rows();
    int width = op.input().columns();
    for (int image = 0; image < batch; image++) {
      for (int i = 0; i < width; i++) {
        y[image * width + i] = x[(image * rows + op.row()) * width + i];
      }
    }
  }
}
