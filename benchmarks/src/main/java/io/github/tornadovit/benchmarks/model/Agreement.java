package io.github.tornadovit.benchmarks.model;

/**
 * How far two engines agree on the same images.
 *
 * @param worstDifference the largest difference of a logit; NaN if one is not a number, or if the
 *     engines do not even give as many
 * @param sameTop images that both take for the same class
 * @param images compared
 */
public record Agreement(double worstDifference, int sameTop, int images) {

  /** Whether the answers are the same, as {@link LogitsCheck} means it. */
  public boolean equal() {
    return worstDifference <= LogitsCheck.TOLERANCE && sameTop == images;
  }
}
