package io.github.tornadovit.kernels.fuzz;

/**
 * The worst that float32 can do to the normalisation of one row, computed in two passes: the errors
 * of the mean, of each difference from it, of the variance and of its square root, one after the
 * other.
 *
 * @param mean exact
 * @param meanError of the mean
 * @param rescale exact {@code 1 / sqrt(variance + eps)}
 * @param most the largest that it may be computed as
 * @param least the smallest
 * @param smallest the smallest number that is not taken for zero
 * @param free whether a sum may overflow
 */
record NormBound(
    double mean,
    double meanError,
    double rescale,
    double most,
    double least,
    double smallest,
    boolean free) {

  static NormBound of(float[] x, int from, int width, double eps, double smallest) {
    SumBound sum = new SumBound();
    double total = 0;
    for (int i = from; i < from + width; i++) {
      sum.add(x[i]);
      total += x[i];
    }
    double mean = total / width;
    double meanError =
        (sum.error(0, smallest) + SumBound.roundings(2) * sum.magnitude()) / width + smallest;
    double squares = 0;
    double error = 0;
    for (int i = from; i < from + width; i++) {
      double difference = Math.abs(x[i] - mean);
      double off = differenceError(difference, meanError);
      squares += difference * difference;
      error += (2 * difference + off) * off;
    }
    double largest = 2 * (squares + error) + sum.magnitude();
    double variance = squares / width;
    double varianceError =
        (error + SumBound.roundings(width + 4) * (squares + error)) / width + 2 * smallest;
    double several = SumBound.roundings(12);
    double most = (1 + several) / Math.sqrt(Math.max(0, variance - varianceError) + eps);
    double least = (1 - several) / Math.sqrt(variance + varianceError + eps);
    return new NormBound(
        mean,
        meanError,
        1 / Math.sqrt(variance + eps),
        most,
        least,
        smallest,
        SumBound.overflows(largest));
  }

  private static double differenceError(double difference, double meanError) {
    return meanError + SumBound.roundings(1) * (difference + meanError);
  }

  /** How far the result for a value of the row may be off. */
  double of(double x, double weight, double bias) {
    if (free) {
      return SumBound.FREE;
    }
    double difference = Math.abs(x - mean);
    double off = differenceError(difference, meanError);
    double normal = off * most + difference * Math.max(most - rescale, rescale - least);
    double value = difference * most + normal;
    double factor = Math.abs(weight);
    return factor * (normal + SumBound.roundings(3) * value + smallest)
        + SumBound.roundings(3) * Math.abs(bias)
        + 2 * smallest;
  }
}
