package io.github.tornadovit.kernels.patch;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;

/** {@link PatchEmbedding} by its definition, as a convolution, in double. */
public final class ReferencePatchEmbedding implements Step {
  private final PatchEmbedding op;
  private final float[] pixels;
  private final float[] w;
  private final float[] bias;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferencePatchEmbedding(PatchEmbedding op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.pixels = buffers.of(op.pixels());
    this.w = weights.rows(op.weight());
    this.bias = weights.rows(op.bias());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int down = op.height() / op.patchHeight();
    int across = op.width() / op.patchWidth();
    int width = op.output().columns();
    for (int image = 0; image < batch; image++) {
      for (int i = 0; i < down; i++) {
        for (int j = 0; j < across; j++) {
          int row = image * op.output().rows() + i * across + j;
          for (int column = 0; column < width; column++) {
            y[row * width + column] = (float) (bias[column] + dot(image, i, j, column));
          }
        }
      }
    }
  }

  /** The patch at row i and column j of the grid times one row of W. */
  private double dot(int image, int i, int j, int output) {
    double sum = 0;
    int weight = output * op.weight().columns();
    for (int channel = 0; channel < op.channels(); channel++) {
      for (int dy = 0; dy < op.patchHeight(); dy++) {
        for (int dx = 0; dx < op.patchWidth(); dx++) {
          int line = (image * op.channels() + channel) * op.height() + i * op.patchHeight() + dy;
          int column = j * op.patchWidth() + dx;
          sum += (double) pixels[line * op.width() + column] * w[weight++];
        }
      }
    }
    return sum;
  }
}
