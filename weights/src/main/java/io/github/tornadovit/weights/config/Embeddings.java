package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.PrefixToken.Kind;
import java.util.List;

/**
 * The way from patches to the tokens of the first block.
 *
 * @param patchBias whether the projection of a patch has a bias
 * @param prefix the learned tokens before the patches, in the order of their kinds
 * @param positions what is added to the tokens
 */
public record Embeddings(boolean patchBias, List<PrefixToken> prefix, Positions positions) {
  /**
   * @throws IllegalArgumentException if tokens are in another order than {@link Kind}'s
   */
  public Embeddings {
    prefix = List.copyOf(prefix);
    for (int i = 1; i < prefix.size(); i++) {
      if (prefix.get(i - 1).kind().compareTo(prefix.get(i).kind()) > 0) {
        throw new IllegalArgumentException("prefix tokens are in the order " + prefix);
      }
    }
  }

  /** The place of the first prefix token of a kind, or -1. */
  public int indexOf(Kind kind) {
    for (int i = 0; i < prefix.size(); i++) {
      if (prefix.get(i).kind() == kind) {
        return i;
      }
    }
    return -1;
  }

  /** How many prefix tokens are of a kind. */
  public int count(Kind kind) {
    return Math.toIntExact(prefix.stream().filter(token -> token.kind() == kind).count());
  }

  /** Whether there is a prefix token of a kind. */
  public boolean has(Kind kind) {
    return count(kind) > 0;
  }

  /** Prefix tokens that the table of positions has a row for. */
  public int positionedPrefix() {
    return Math.toIntExact(prefix.stream().filter(PrefixToken::positioned).count());
  }
}
