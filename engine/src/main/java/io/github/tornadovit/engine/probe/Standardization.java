package io.github.tornadovit.engine.probe;

import java.util.Arrays;
import java.util.List;

/**
 * {@code (x - mean) / std} per element, with the population's standard deviation as scikit-learn's
 * {@code StandardScaler} has it; an element that is the same in every row is only centred.
 *
 * @param mean {@code [D]}
 * @param std {@code [D]}, never 0
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Standardization(float[] mean, float[] std) {

  /** Of rows {@code [D]}, at least one. */
  static Standardization of(List<float[]> rows) {
    int width = rows.getFirst().length;
    double[] sums = new double[width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        sums[i] += row[i];
      }
    }
    double[] squares = new double[width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        double distance = row[i] - sums[i] / rows.size();
        squares[i] += distance * distance;
      }
    }
    float[] mean = new float[width];
    float[] std = new float[width];
    Arrays.fill(std, 1);
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / rows.size());
      float deviation = (float) Math.sqrt(squares[i] / rows.size());
      // What is left of equal elements is rounding.
      if (deviation > Math.ulp(mean[i])) {
        std[i] = deviation;
      }
    }
    return new Standardization(mean, std);
  }

  /** {@code [N, D]}, row-major. */
  float[] apply(List<float[]> rows) {
    int width = mean.length;
    float[] standardized = new float[Math.multiplyExact(rows.size(), width)];
    for (int row = 0; row < rows.size(); row++) {
      for (int i = 0; i < width; i++) {
        standardized[row * width + i] = (rows.get(row)[i] - mean[i]) / std[i];
      }
    }
    return standardized;
  }
}
