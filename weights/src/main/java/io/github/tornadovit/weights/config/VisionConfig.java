package io.github.tornadovit.weights.config;

import java.util.List;

/**
 * The configuration of an encoder and what follows it, from {@code config.json} with the family's
 * defaults filled in. It is made of parts: who computes asks for the parts, never for the family.
 *
 * @param architecture what it is called
 * @param geometry image and patches
 * @param encoder pixels to tokens
 * @param pooling tokens to the vector that classifies
 * @param pooler that vector to {@code pooler_output}
 * @param classifier that vector to logits
 */
public record VisionConfig(
    Architecture architecture,
    Geometry geometry,
    EncoderParts encoder,
    TokenPooling pooling,
    Pooler pooler,
    Classifier classifier) {

  /** The classifier after the encoder. */
  public enum Head {
    /** None: a base model, {@code ViTModel}, {@code BeitModel}, {@code DeiTModel}. */
    NONE,
    /** One linear layer on the pooled vector. */
    CLASSIFIER,
    /**
     * DeiT with teacher: the mean of a linear layer on the class token and one on the distillation
     * token.
     */
    DISTILLED
  }

  /**
   * The function from logits to scores, as transformers' image-classification pipeline chooses it.
   */
  public enum ProblemType {
    /** Softmax over the classes. */
    SINGLE_LABEL,
    /** Sigmoid of each logit: several labels may hold, or there is one logit only. */
    MULTI_LABEL
  }

  /**
   * Height and width in pixels or patches.
   *
   * @param height rows
   * @param width columns
   */
  public record Extent(int height, int width) {
    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  /** This configuration for another image: that of a model run at another size. */
  public VisionConfig withImageSize(Extent size) {
    return new VisionConfig(
        architecture, geometry.withImage(size), encoder, pooling, pooler, classifier);
  }

  /** Pixels that the model was trained on. */
  public Extent imageSize() {
    return geometry.image();
  }

  /** Pixels of one patch. */
  public Extent patchSize() {
    return geometry.patch();
  }

  /** Image channels. */
  public int channels() {
    return geometry.channels();
  }

  /** Patches down and across. */
  public Extent grid() {
    return geometry.grid();
  }

  /** Number of patches. */
  public int patches() {
    return geometry.patches();
  }

  /** Whether there is a token of that kind before the patches. */
  public boolean has(PrefixToken.Kind kind) {
    return encoder.embeddings().has(kind);
  }

  /** Tokens before the patches. */
  public int prefixTokens() {
    return encoder.embeddings().prefix().size();
  }

  /** Tokens in a sequence: prefix tokens and patches. */
  public int tokens() {
    return prefixTokens() + patches();
  }

  /** Width of a token. */
  public int hiddenSize() {
    return encoder.hiddenSize();
  }

  /** Number of encoder blocks. */
  public int layers() {
    return encoder.layers();
  }

  /** Attention heads per block. */
  public int heads() {
    return encoder.attention().heads();
  }

  /** Width of the vector that classifies. */
  public int pooledSize() {
    return switch (pooling) {
      case TokenPooling.ClassToken _, TokenPooling.PatchMean _, TokenPooling.AttentionHead _ ->
          hiddenSize();
      case TokenPooling.ClassAndPatchMean _ -> 2 * hiddenSize();
    };
  }

  /** Width of {@code pooler_output}. */
  public int poolerSize() {
    return switch (pooler) {
      case Pooler.None _,
          Pooler.ClassToken _,
          Pooler.DistilledPair _,
          Pooler.NormedClassToken _,
          Pooler.AttentionHead _ ->
          hiddenSize();
      case Pooler.Pooled _ -> pooledSize();
      case Pooler.Dense(_, int size) -> size;
    };
  }

  /** Width of CLIP's {@code image_embeds}, or 0 without them. */
  public int projectionSize() {
    return pooler instanceof Pooler.NormedClassToken(Integer size) && size != null ? size : 0;
  }

  /** Which classifier follows the encoder. */
  public Head head() {
    return classifier.head();
  }

  /** Class names, index = class id; empty for a model without a classifier. */
  public List<String> labels() {
    return classifier.labels();
  }

  /** How logits become scores. */
  public ProblemType problemType() {
    return classifier.problemType();
  }
}
