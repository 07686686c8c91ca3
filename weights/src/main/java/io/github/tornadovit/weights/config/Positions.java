package io.github.tornadovit.weights.config;

/** How tokens know their places, relative positions in attention aside. */
public sealed interface Positions {
  /** They do not. */
  record None() implements Positions {}

  /**
   * A learned table, added to the tokens before the first block: a row per prefix token that
   * {@linkplain PrefixToken#positioned has one}, then one per patch.
   *
   * @param interpolation of the patches' rows for another grid than the trained
   */
  record Learned(Interpolation interpolation) implements Positions {}

  /**
   * In every block queries and keys of patches turn by where they lie (Su et al. 2021, "RoFormer";
   * the two axes of DINOv3): of each head, by angles for rows and as many for columns.
   *
   * @param theta the base of the angles' periods, {@code rope_theta}
   */
  record Rotary(float theta) implements Positions {}

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
