package io.github.tornadovit.weights.family;

/**
 * The sizes that a {@code config.json} which does not say means.
 *
 * @param hidden {@code hidden_size}
 * @param heads {@code num_attention_heads}
 * @param mlp {@code intermediate_size}
 */
record Sizes(int hidden, int heads, int mlp) {
  static final Sizes BASE = new Sizes(768, 12, 3072);
  static final Sizes SMALL = new Sizes(384, 6, 1536);
}
