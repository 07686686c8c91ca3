package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link SelectTokens} by the calling thread: a few rows are copied. */
public final class CpuSelectTokens implements Step {
  private final SelectTokens op;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public CpuSelectTokens(SelectTokens op, HostBuffers buffers) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int width = op.input().columns();
    int size = op.output().size();
    for (int image = 0; image < batch; image++) {
      int row = image * op.input().rows() + op.first();
      System.arraycopy(x, row * width, y, image * size, size);
    }
  }
}
