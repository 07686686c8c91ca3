package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reduces a sequence of tokens to the feature of an image: one vector {@code [D]}, or all of them.
 *
 * <p>The sequence is the encoder's last hidden state as transformers defines it for the
 * architecture, after the final layer norm where there is one, unless {@link Feature#layer} names
 * another.
 */
public enum Pooling {
  /** The class token. */
  CLS(true),
  /** The mean of the patch tokens; class, distillation and register tokens are left out. */
  MEAN(true),
  /**
   * The vector that the model's classifier reads, or would read in a model without one; timm's
   * {@code pre_logits}. The class token (ViT, DeiT; of DeiT with teacher what the first classifier
   * reads), the mean of the patches (SigLIP, I-JEPA, a classifier of CLIP) or its layer norm
   * (BEiT), class token and mean one behind the other {@code [2 D]} (DINOv2), an attention pooling
   * head (timm's SigLIP).
   */
  POOLED(false),
  /**
   * The model's own pooler output: a dense layer and tanh on the class token (ViT, DeiT base
   * models), the class token itself (DINOv2), the layer norm of the mean of the patches (BEiT) or
   * of the class token (CLIP, before its projection), an attention pooling head (SigLIP), the mean
   * of class and distillation token (timm's distilled models). Refused where the checkpoint has no
   * pooler, and for another layer than the last.
   */
  POOLER(false),
  /**
   * CLIP's {@code image_embeds}: the pooler output in the space that images share with texts.
   * Refused where the checkpoint has no projection, and for another layer than the last.
   */
  PROJECTION(false),
  /** None: every token {@code [T, D]}, those before the patches first. */
  TOKENS(true);

  private final boolean ofAnyLayer;

  Pooling(boolean ofAnyLayer) {
    this.ofAnyLayer = ofAnyLayer;
  }

  /** The class token, or the mean of the patches in a model that has none (SigLIP, I-JEPA). */
  public static Pooling of(VisionConfig config) {
    return config.has(Kind.CLASS) ? CLS : MEAN;
  }

  /** Those that a model offers. */
  public static List<Pooling> all(VisionConfig config) {
    return Stream.of(values())
        .filter(pooling -> Encoder.has(config, Feature.of(pooling).stage()))
        .toList();
  }

  /** Whether it takes the tokens of any layer, and not those of the last alone. */
  public boolean ofAnyLayer() {
    return ofAnyLayer;
  }

  /** As messages and the command line name it: {@code cls}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code cls, mean or tokens}. */
  static String either(List<Pooling> poolings) {
    List<String> labels = poolings.stream().map(Pooling::label).toList();
    int last = labels.size() - 1;
    return last == 0
        ? labels.getFirst()
        : labels.stream().limit(last).collect(Collectors.joining(", ")) + " or " + labels.get(last);
  }
}
