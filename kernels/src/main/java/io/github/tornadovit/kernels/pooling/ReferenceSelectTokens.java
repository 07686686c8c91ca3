package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link SelectTokens} by its definition. */
public final class ReferenceSelectTokens implements Step {
  private final SelectTokens op;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public ReferenceSelectTokens(SelectTokens op, HostBuffers buffers) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int rows = op.output().rows();
    int width = op.input().columns();
    for (int image = 0; image < batch; image++) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < width; i++) {
          y[(image * rows + row) * width + i] =
              x[(image * op.input().rows() + op.first() + row) * width + i];
        }
      }
    }
  }
}
