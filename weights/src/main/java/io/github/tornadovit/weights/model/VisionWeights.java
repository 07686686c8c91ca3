package io.github.tornadovit.weights.model;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one encoder, each checked to have the shape that the configuration implies. Those
 * of parts that the configuration does not have are null.
 *
 * <p>Shapes: {@code D} = hidden size, {@code F} = MLP size, {@code C} = image channels, {@code K} =
 * classes, {@code T} = tokens, {@code R} = rows of a relative position table, {@code (2 Wh - 1) (2
 * Ww - 1) + 3} for a patch grid of Wh x Ww, {@code H} = heads. A linear layer's weight is stored
 * {@code [out, in]}. All tensors borrow from the checkpoint.
 *
 * @param config what the weights were checked against
 * @param patchEmbedding projection {@code [D, C, patch height, patch width]} and bias {@code [D]}
 * @param prefixTokens class token, distillation token, registers: those that there are, each n D
 *     values for n tokens of the kind
 * @param positions rows of D values: one per prefix token that has one, then the patches; or null
 *     without positions of that kind
 * @param sharedRelativePositions table {@code [R, H]} of all blocks, or null
 * @param preNorm of the tokens before the first block, or null
 * @param blocks in order
 * @param finalNorm of the tokens after the last block, or null
 * @param pooledNorm of the pooled vector, or of the class token for the pooler, or null
 * @param pooler dense layer on the pooled vector, or null
 * @param attentionPooler attention pooling head, or null
 * @param projection of {@code pooler_output} to {@code image_embeds}, or null
 * @param heads none, the classifier, or DeiT's class and distillation classifiers
 */
public record VisionWeights(
    VisionConfig config,
    Dense patchEmbedding,
    List<TensorView> prefixTokens,
    @Nullable TensorView positions,
    @Nullable TensorView sharedRelativePositions,
    @Nullable Norm preNorm,
    List<Block> blocks,
    @Nullable Norm finalNorm,
    @Nullable Norm pooledNorm,
    @Nullable Dense pooler,
    @Nullable AttentionPooler attentionPooler,
    @Nullable Dense projection,
    List<Dense> heads) {

  /**
   * A linear layer.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}, or null for zeros
   */
  public record Dense(TensorView weight, @Nullable TensorView bias) {}

  /**
   * Scale and shift of a layer norm.
   *
   * @param weight {@code [D]}
   * @param bias {@code [D]}
   */
  public record Norm(TensorView weight, TensorView bias) {}

  /**
   * An attention pooling head.
   *
   * @param probe the learned query, D values
   * @param query {@code [D, D]} with bias
   * @param keyValue {@code [2 D, D]} with bias
   * @param attentionOutput {@code [D, D]}
   * @param norm before the MLP
   * @param mlpUp {@code [F, D]}
   * @param mlpDown {@code [D, F]}
   */
  public record AttentionPooler(
      TensorView probe,
      Dense query,
      Dense keyValue,
      Dense attentionOutput,
      Norm norm,
      Dense mlpUp,
      Dense mlpDown) {}

  /**
   * One pre-norm encoder block.
   *
   * @param attentionNorm before attention
   * @param query {@code [H d, D]}
   * @param key {@code [H d, D]}
   * @param value {@code [H d, D]}
   * @param relativePositions table {@code [R, H]} of this block, or null
   * @param attentionOutput {@code [D, H d]}
   * @param attentionScale layer scale {@code [D]} of the attention branch, or null for ones
   * @param mlpNorm before the MLP
   * @param mlpGate {@code [F, D]} of a gated MLP, or null
   * @param mlpUp {@code [F, D]}
   * @param mlpDown {@code [D, F]}
   * @param mlpScale layer scale {@code [D]} of the MLP branch, or null for ones
   */
  public record Block(
      Norm attentionNorm,
      Dense query,
      Dense key,
      Dense value,
      @Nullable TensorView relativePositions,
      Dense attentionOutput,
      @Nullable TensorView attentionScale,
      Norm mlpNorm,
      @Nullable Dense mlpGate,
      Dense mlpUp,
      Dense mlpDown,
      @Nullable TensorView mlpScale) {}

  public VisionWeights {
    prefixTokens = List.copyOf(prefixTokens);
    blocks = List.copyOf(blocks);
    heads = List.copyOf(heads);
  }
}
