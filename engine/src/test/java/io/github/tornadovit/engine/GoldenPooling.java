package io.github.tornadovit.engine;

import io.github.tornadovit.testing.Golden;
import java.util.Arrays;

/** Features of the reference's tokens {@code [B, T, D]}, taken the plain way. */
final class GoldenPooling {
  private GoldenPooling() {}

  /** {@code tokens[:, 0]}. */
  static float[] cls(Golden.Tensor tokens) {
    return mean(tokens, 0, 1);
  }

  /** {@code tokens[:, prefix:].mean(1)}. */
  static float[] mean(Golden.Tensor tokens, int prefix) {
    return mean(tokens, prefix, tokens.shape()[1]);
  }

  private static float[] mean(Golden.Tensor tokens, int from, int to) {
    int length = tokens.shape()[1];
    int width = tokens.shape()[2];
    float[] means = new float[tokens.shape()[0] * width];
    for (int i = 0; i < means.length; i++) {
      double sum = 0;
      for (int token = from; token < to; token++) {
        sum += tokens.floats()[(i / width * length + token) * width + i % width];
      }
      means[i] = (float) (sum / (to - from));
    }
    return means;
  }

  /** {@code torch.nn.functional.normalize} of rows {@code [.., width]}. */
  static float[] normalized(float[] values, int width) {
    float[] result = values.clone();
    for (int row = 0; row < values.length; row += width) {
      double sum = 0;
      for (float value : Arrays.copyOfRange(values, row, row + width)) {
        sum += (double) value * value;
      }
      for (int i = row; i < row + width; i++) {
        result[i] = (float) (values[i] / Math.max(Math.sqrt(sum), 1e-12));
      }
    }
    return result;
  }
}
