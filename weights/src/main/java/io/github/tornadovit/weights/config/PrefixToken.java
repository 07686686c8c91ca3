package io.github.tornadovit.weights.config;

/**
 * A learned token before the patches.
 *
 * @param kind what it is for
 * @param positioned whether the table of positions has a row for it
 */
public record PrefixToken(Kind kind, boolean positioned) {
  /** The purpose of a token. */
  public enum Kind {
    /** Gathers what the image shows (Dosovitskiy et al. 2021). */
    CLASS,
    /** Learns from a teacher (Touvron et al. 2021, DeiT). */
    DISTILLATION,
    /** Takes up what patches would keep otherwise (Darcet et al. 2024). */
    REGISTER
  }
}
