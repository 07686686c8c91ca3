package io.github.tornadovit.engine.forward;

/**
 * A named point of the forward pass whose value can be asked for.
 *
 * @param name as transformers' outputs are commonly called; {@code block.0} is the first block
 */
public record Stage(String name) {
  /** {@code [T, D]}: tokens with positions, before the first block. */
  public static final Stage EMBEDDINGS = new Stage("embeddings");

  /**
   * {@code [T, D]}: transformers' {@code last_hidden_state}, after the final norm if there is one.
   */
  public static final Stage LAST_HIDDEN = new Stage("last_hidden");

  /** {@code [1, D]}: the class token of {@link #LAST_HIDDEN}. */
  public static final Stage CLASS_TOKEN = new Stage("class_token");

  /** {@code [1, D]}: the mean of the patch tokens of {@link #LAST_HIDDEN}. */
  public static final Stage PATCH_MEAN = new Stage("patch_mean");

  /** {@code [1, D]}: the vector that the classifier reads. */
  public static final Stage POOLED = new Stage("pooled");

  /** {@code [1, pooler size]}: transformers' {@code pooler_output}. */
  public static final Stage POOLER = new Stage("pooler");

  /** {@code [1, K]}: one logit per class. */
  public static final Stage LOGITS = new Stage("logits");

  /** {@code [H T, T]}: what each head and query of a block gives to each key, after the softmax. */
  public static Stage attention(int block) {
    return new Stage("attention." + block);
  }

  /** {@code [T, T]}: the mean of {@link #attention} over the heads. */
  public static Stage attentionMean(int block) {
    return new Stage("attention_mean." + block);
  }

  /** {@code [T, D]}: the output of a block, before any final norm. */
  public static Stage block(int index) {
    return new Stage("block." + index);
  }

  /**
   * {@code [T, D]}: transformers' {@code hidden_states[layer]}: {@link #EMBEDDINGS} for 0, else the
   * output of the block of that number, counted from 1.
   */
  public static Stage hidden(int layer) {
    return layer == 0 ? EMBEDDINGS : block(layer - 1);
  }

  /** {@code [1, D]}: the class token of {@link #hidden}. */
  public static Stage classToken(int layer) {
    return new Stage(hidden(layer).name + "." + CLASS_TOKEN.name);
  }

  /** {@code [1, D]}: the mean of the patch tokens of {@link #hidden}. */
  public static Stage patchMean(int layer) {
    return new Stage(hidden(layer).name + "." + PATCH_MEAN.name);
  }
}
