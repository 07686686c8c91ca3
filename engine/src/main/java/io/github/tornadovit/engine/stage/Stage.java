package io.github.tornadovit.engine.stage;

import java.util.Locale;

/** A point of the forward pass whose value can be asked for. */
public sealed interface Stage {
  /** {@code [T, D]}: tokens with positions, before the first block. */
  Stage EMBEDDINGS = new Hidden(0);

  /**
   * {@code [T, D]}: transformers' {@code last_hidden_state}, after the final norm if there is one.
   */
  Stage LAST_HIDDEN = Output.LAST_HIDDEN;

  /** {@code [1, D]}: the class token of {@link #LAST_HIDDEN}. */
  Stage CLASS_TOKEN = Output.CLASS_TOKEN;

  /** {@code [1, D]}: the mean of the patch tokens of {@link #LAST_HIDDEN}. */
  Stage PATCH_MEAN = Output.PATCH_MEAN;

  /** {@code [1, D]}: the vector that the classifier reads. */
  Stage POOLED = Output.POOLED;

  /** {@code [1, pooler size]}: transformers' {@code pooler_output}. */
  Stage POOLER = Output.POOLER;

  /** {@code [1, P]}: CLIP's {@code image_embeds}. */
  Stage PROJECTION = Output.PROJECTION;

  /** {@code [1, K]}: one logit per class. */
  Stage LOGITS = Output.LOGITS;

  /** In messages and reports, for example {@code last_hidden} or {@code block.0}. */
  String label();

  /** {@code [T, D]}: the output of a block counted from 0, before any final norm. */
  static Stage block(int index) {
    return new Hidden(index + 1);
  }

  /**
   * {@code [T, D]}: transformers' {@code hidden_states[layer]}: {@link #EMBEDDINGS} for 0, else the
   * output of the block of that number, counted from 1.
   */
  static Stage hidden(int layer) {
    return new Hidden(layer);
  }

  /** {@code [1, D]}: the class token of {@link #hidden}. */
  static Stage classToken(int layer) {
    return new ClassToken(layer);
  }

  /** {@code [1, D]}: the mean of the patch tokens of {@link #hidden}. */
  static Stage patchMean(int layer) {
    return new PatchMean(layer);
  }

  /** {@code [H T, T]}: what each head and query of a block gives to each key, after the softmax. */
  static Stage attention(int block) {
    return new HeadAttention(block);
  }

  /** {@code [T, T]}: the mean of {@link #attention} over the heads. */
  static Stage attentionMean(int block) {
    return new MeanAttention(block);
  }

  /** A stage after the blocks. */
  enum Output implements Stage {
    LAST_HIDDEN,
    CLASS_TOKEN,
    PATCH_MEAN,
    POOLED,
    POOLER,
    PROJECTION,
    LOGITS;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** See {@link Stage#hidden}. */
  record Hidden(int layer) implements Stage {
    @Override
    public String label() {
      return layer == 0 ? "embeddings" : "block." + (layer - 1);
    }
  }

  /** See {@link Stage#classToken}. */
  record ClassToken(int layer) implements Stage {
    @Override
    public String label() {
      return hidden(layer).label() + "." + CLASS_TOKEN.label();
    }
  }

  /** See {@link Stage#patchMean}. */
  record PatchMean(int layer) implements Stage {
    @Override
    public String label() {
      return hidden(layer).label() + "." + PATCH_MEAN.label();
    }
  }

  /** See {@link Stage#attention}. */
  record HeadAttention(int block) implements Stage {
    @Override
    public String label() {
      return "attention." + block;
    }
  }

  /** See {@link Stage#attentionMean}. */
  record MeanAttention(int block) implements Stage {
    @Override
    public String label() {
      return "attention_mean." + block;
    }
  }
}
