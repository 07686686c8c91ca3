package io.github.tornadovit.weights.config;

/** The embeddings of places that are added to the tokens before the first block. */
public sealed interface Positions {
  /** None are added. */
  record None() implements Positions {}

  /**
   * A learned table: a row per prefix token that {@linkplain PrefixToken#positioned has one}, then
   * one per patch.
   *
   * @param interpolation of the patches' rows for another grid than the trained
   */
  record Learned(Interpolation interpolation) implements Positions {}

  /** The rule by which the rows of patches are brought to another grid. */
  enum Interpolation {
    /** Four points a side, without antialiasing, {@code align_corners=False}. */
    BICUBIC,
    /** The same with antialiasing. */
    ANTIALIASED_BICUBIC,
    /** Two points a side, without antialiasing. */
    BILINEAR
  }
}
