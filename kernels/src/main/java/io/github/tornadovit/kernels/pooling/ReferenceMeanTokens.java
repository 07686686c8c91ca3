package io.github.tornadovit.kernels.pooling;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;

/** {@link MeanTokens} by its definition, in double. */
public final class ReferenceMeanTokens implements Step {
  private final MeanTokens op;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers of {@code op}. */
  public ReferenceMeanTokens(MeanTokens op, HostBuffers buffers) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int rows = op.input().rows();
    int width = op.input().columns();
    for (int image = 0; image < batch; image++) {
      int to = image * op.output().size();
      System.arraycopy(x, image * op.input().size(), y, to, op.kept() * width);
      for (int i = 0; i < width; i++) {
        double sum = 0;
        for (int row = op.first(); row < rows; row++) {
          sum += x[(image * rows + row) * width + i];
        }
        y[to + op.kept() * width + i] = (float) (sum / (rows - op.first()));
      }
    }
  }
}
