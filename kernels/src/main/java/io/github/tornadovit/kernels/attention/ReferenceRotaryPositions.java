package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;

/** {@link RotaryPositions} by its definition, in double. */
public final class ReferenceRotaryPositions implements Step {
  private final RotaryPositions op;
  private final float[] rotations;
  private final float[] x;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceRotaryPositions(RotaryPositions op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.rotations = weights.rows(op.rotations());
    this.x = buffers.of(op.qkv());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int size = op.headSize();
    for (int row = 0; row < batch * op.qkv().rows(); row++) {
      int patch = row % op.qkv().rows() - op.prefixTokens();
      for (int head = 0; head < 3 * op.heads(); head++) {
        int at = (row * 3 * op.heads() + head) * size;
        if (patch >= 0 && head < 2 * op.heads()) {
          turn(at, patch * size, size / 2);
        } else {
          System.arraycopy(x, at, y, at, size);
        }
      }
    }
  }

  private void turn(int at, int cosines, int half) {
    for (int j = 0; j < half; j++) {
      double cosine = rotations[cosines + j];
      double sine = rotations[cosines + half + j];
      double first = x[at + j];
      double second = x[at + half + j];
      y[at + j] = (float) (first * cosine - second * sine);
      y[at + half + j] = (float) (second * cosine + first * sine);
    }
  }
}
