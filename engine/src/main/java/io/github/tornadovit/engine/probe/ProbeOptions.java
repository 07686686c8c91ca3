package io.github.tornadovit.engine.probe;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Options of training a probe. Immutable; start from {@link #defaults()}.
 *
 * @param c inverse strengths of the L2 penalty to try, as scikit-learn's C; ascending
 * @param validation share of the images of every class that the choice among them is made on
 * @param seed of the choice of those images
 * @param maxIterations steps of the optimiser at most, for each C
 */
public record ProbeOptions(List<Double> c, double validation, long seed, int maxIterations) {
  /** From 1e-4 to 100, two a decade. */
  private static final ProbeOptions DEFAULTS =
      new ProbeOptions(
          IntStream.rangeClosed(-8, 4).mapToObj(half -> Math.pow(10, half / 2.0)).toList(),
          0.2,
          0,
          1000);

  /** Sorts the strengths and refuses values out of range. */
  public ProbeOptions {
    require(!c.isEmpty(), "there is no C, expected one at least");
    for (double strength : c) {
      require(
          strength > 0 && strength <= 1e12,
          "C is " + strength + ", expected more than 0, up to 1e12");
    }
    c = c.stream().sorted().distinct().toList();
    require(
        validation > 0 && validation < 1,
        "validation is " + validation + ", expected a share between 0 and 1");
    require(maxIterations >= 1, "maxIterations is " + maxIterations + ", expected 1 or more");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** C from 1e-4 to 100, two a decade; a fifth for validation; seed 0; 1000 steps. */
  public static ProbeOptions defaults() {
    return DEFAULTS;
  }

  /** These options with other inverse strengths. */
  public ProbeOptions withC(List<Double> c) {
    return new ProbeOptions(c, validation, seed, maxIterations);
  }

  /** These options with another share for validation. */
  public ProbeOptions withValidation(double validation) {
    return new ProbeOptions(c, validation, seed, maxIterations);
  }

  /** These options with another seed. */
  public ProbeOptions withSeed(long seed) {
    return new ProbeOptions(c, validation, seed, maxIterations);
  }

  /** These options with another limit of the optimiser's steps. */
  public ProbeOptions withMaxIterations(int maxIterations) {
    return new ProbeOptions(c, validation, seed, maxIterations);
  }
}
