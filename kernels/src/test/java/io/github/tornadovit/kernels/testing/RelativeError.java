package io.github.tornadovit.kernels.testing;

/** How far values are from exact ones, all taken together. */
public final class RelativeError {
  private RelativeError() {}

  /** {@code ||got - exact|| / ||exact||}, in the Euclidean norm. */
  public static double of(float[] got, float[] exact) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      error += Math.pow(got[i] - exact[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(error / size);
  }
}
