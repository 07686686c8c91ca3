package io.github.tornadovit.weights.config;

import io.github.tornadovit.base.Activation;
import java.util.List;

/**
 * The configuration of an encoder, from {@code config.json} with transformers' defaults filled in.
 * ViT, BEiT and DeiT differ in which parts are there; every part has a component here, so nothing
 * downstream asks for the architecture's name.
 *
 * @param architecture the family, from {@code model_type}
 * @param hiddenSize width of a token, {@code hidden_size}
 * @param layers number of encoder blocks, {@code num_hidden_layers}
 * @param heads attention heads per block, {@code num_attention_heads}
 * @param headSize width of one head, {@code head_dim} or {@code hidden_size / num_attention_heads}
 * @param mlpSize width of the MLP's hidden layer, {@code intermediate_size}
 * @param activation of the MLP, {@code hidden_act}
 * @param layerNormEps added to the variance, {@code layer_norm_eps}
 * @param imageSize pixels the model was trained on, {@code image_size}
 * @param patchSize pixels of one patch, {@code patch_size}
 * @param channels image channels, {@code num_channels}
 * @param queryValueBias whether queries and values have biases
 * @param keyBias whether keys have biases (BEiT's never do)
 * @param absolutePositions whether position embeddings are added to the tokens
 * @param relativePositions whether each block has a relative position bias table
 * @param sharedRelativePositions whether one relative position bias table serves all blocks
 * @param layerScale whether residual branches are scaled per channel (BEiT's lambdas)
 * @param distillationToken whether a distillation token follows the class token (DeiT)
 * @param meanPooling whether classification pools the mean of the patches (BEiT) and not the class
 *     token
 * @param poolerActivation of the pooler of a base model, {@code pooler_act}
 * @param poolerSize width of that pooler's output, {@code pooler_output_size}
 * @param head which classifier follows the encoder
 * @param labels class names, index = class id; empty for a model without a classifier
 * @param problemType how logits become scores
 */
public record VisionConfig(
    Architecture architecture,
    int hiddenSize,
    int layers,
    int heads,
    int headSize,
    int mlpSize,
    Activation activation,
    float layerNormEps,
    Extent imageSize,
    Extent patchSize,
    int channels,
    boolean queryValueBias,
    boolean keyBias,
    boolean absolutePositions,
    boolean relativePositions,
    boolean sharedRelativePositions,
    boolean layerScale,
    boolean distillationToken,
    boolean meanPooling,
    Activation poolerActivation,
    int poolerSize,
    Head head,
    List<String> labels,
    ProblemType problemType) {

  /** The model families, by {@code model_type}; those of a line are one encoder by other names. */
  public enum Architecture {
    VIT("vit", "vit"),
    /**
     * He et al. 2022. The encoder on all patches, {@code mask_ratio=0}; the decoder is not read.
     */
    VIT_MAE("vit_mae", "vit"),
    /** Assran et al. 2022. */
    VIT_MSN("vit_msn", "vit"),
    BEIT("beit", "beit"),
    /** Baevski et al. 2022: BEiT, trained otherwise. */
    DATA2VEC_VISION("data2vec-vision", "data2vec_vision"),
    DEIT("deit", "deit");

    private final String modelType;
    private final String scope;

    Architecture(String modelType, String scope) {
      this.modelType = modelType;
      this.scope = scope;
    }

    /** As {@code config.json} names it. */
    public String modelType() {
      return modelType;
    }

    /** The prefix of the names of a classifier's encoder tensors. */
    public String scope() {
      return scope;
    }

    /** Whether blocks and pooling are BEiT's. */
    public boolean isBeit() {
      return this == BEIT || this == DATA2VEC_VISION;
    }

    /**
     * Whether transformers' model takes images of any size unasked, its positions interpolated; the
     * others refuse them unless {@code interpolate_pos_encoding} is set.
     */
    public boolean takesAnySize() {
      return isBeit();
    }
  }

  /** The classifier after the encoder, by {@code architectures[0]}. */
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

  public VisionConfig {
    labels = List.copyOf(labels);
  }

  /** This configuration with another {@code imageSize}: that of a model run at another size. */
  public VisionConfig withImageSize(Extent size) {
    return new VisionConfig(
        architecture,
        hiddenSize,
        layers,
        heads,
        headSize,
        mlpSize,
        activation,
        layerNormEps,
        size,
        patchSize,
        channels,
        queryValueBias,
        keyBias,
        absolutePositions,
        relativePositions,
        sharedRelativePositions,
        layerScale,
        distillationToken,
        meanPooling,
        poolerActivation,
        poolerSize,
        head,
        labels,
        problemType);
  }

  /** Patches down and across: {@code imageSize / patchSize}, rounded down. */
  public Extent grid() {
    return new Extent(
        imageSize.height() / patchSize.height(), imageSize.width() / patchSize.width());
  }

  /** Number of patches. */
  public int patches() {
    return grid().height() * grid().width();
  }

  /** Tokens before the patches: the class token and, in DeiT, the distillation token. */
  public int prefixTokens() {
    return distillationToken ? 2 : 1;
  }

  /** Tokens in a sequence: prefix tokens and patches. */
  public int tokens() {
    return prefixTokens() + patches();
  }
}
