package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an encoder as the operations take them: queries, keys and values stacked into one
 * product, bias tables gathered per head, prefix tokens in rows. Made once per model, so that every
 * program of the model shares them.
 */
final class EncoderWeights {
  private final VisionConfig trained;

  /** Of the image size that programs are for. */
  final VisionConfig config;

  final Linear patchEmbedding;
  final Weight prefixTokens;
  final @Nullable Weight positions;
  final List<EncoderBlock> blocks;
  final @Nullable Norm finalNorm;
  final @Nullable Norm poolerNorm;
  final @Nullable Linear pooler;
  final List<Linear> heads;

  /** A linear layer: {@code weight [N, K]}, {@code bias [N]} or null. */
  record Linear(Weight weight, @Nullable Weight bias) {}

  /** A layer norm: {@code weight [D]}, {@code bias [D]}. */
  record Norm(Weight weight, Weight bias) {}

  /** One pre-norm block; {@code relativePositions [H T, T]}, scales {@code [D]}. */
  record EncoderBlock(
      Norm attentionNorm,
      Linear queryKeyValue,
      @Nullable Weight relativePositions,
      Linear attentionOutput,
      @Nullable Weight attentionScale,
      Norm mlpNorm,
      Linear mlpUp,
      Linear mlpDown,
      @Nullable Weight mlpScale) {}

  /**
   * @param imageSize pixels, height and width; if it is not the size that the model was trained on,
   *     positions are interpolated
   */
  EncoderWeights(VisionWeights weights, Extent imageSize) {
    trained = weights.config();
    config = trained.withImageSize(imageSize);
    patchEmbedding = linear(weights.patchEmbedding());
    prefixTokens =
        Weight.stackRows(
            "prefix tokens", weights.prefixTokens().stream().map(Weight::vector).toList());
    TensorView positionTable = weights.positions();
    positions = positionTable == null ? null : Positions.of(positionTable, trained, config);
    Weight sharedBias = relativePositions(weights.sharedRelativePositions(), null);
    List<EncoderBlock> encoderBlocks = new ArrayList<>();
    for (Block block : weights.blocks()) {
      encoderBlocks.add(block(block, weights.sharedRelativePositions(), sharedBias));
    }
    blocks = List.copyOf(encoderBlocks);
    finalNorm = norm(weights.finalNorm());
    poolerNorm = norm(weights.poolerNorm());
    Dense dense = weights.pooler();
    pooler = dense == null ? null : linear(dense);
    heads = weights.heads().stream().map(EncoderWeights::linear).toList();
  }

  private EncoderBlock block(
      Block block, @Nullable TensorView sharedTable, @Nullable Weight sharedBias) {
    Weight bias =
        block.relativePositions() == null
            ? sharedBias
            : relativePositions(block.relativePositions(), sharedTable);
    return new EncoderBlock(
        requireNorm(block.attentionNorm()),
        queryKeyValue(block),
        bias,
        linear(block.attentionOutput()),
        vector(block.attentionScale()),
        requireNorm(block.mlpNorm()),
        linear(block.mlpUp()),
        linear(block.mlpDown()),
        vector(block.mlpScale()));
  }

  /** One {@code [3 H d, D]} product for queries, keys and values; absent biases are zeros. */
  private static Linear queryKeyValue(Block block) {
    List<Dense> parts = List.of(block.query(), block.key(), block.value());
    Weight weight =
        Weight.stackRows(
            block.query().weight().name() + "+key+value",
            parts.stream().map(dense -> linear(dense).weight()).toList());
    if (parts.stream().allMatch(dense -> dense.bias() == null)) {
      return new Linear(weight, null);
    }
    List<Weight> biases = new ArrayList<>();
    for (Dense dense : parts) {
      TensorView bias = dense.bias();
      int width = Math.toIntExact(dense.weight().shape().extent(0));
      biases.add(
          bias == null ? Weight.of("no bias", 1, width, new float[width]) : Weight.vector(bias));
    }
    return new Linear(weight, Weight.concatenate(weight.name() + ".bias", biases));
  }

  /** The sum of up to two tables, gathered to {@code [H T, T]}; null if both are. */
  private @Nullable Weight relativePositions(
      @Nullable TensorView first, @Nullable TensorView second) {
    if (first == null) {
      return null;
    }
    int tokens = config.tokens();
    float[] bias = new float[Math.multiplyExact(config.heads() * tokens, tokens)];
    RelativePositions.addTo(bias, first, trained.grid(), config.grid(), config.heads());
    if (second != null) {
      RelativePositions.addTo(bias, second, trained.grid(), config.grid(), config.heads());
    }
    return Weight.of(first.name(), config.heads() * tokens, tokens, bias);
  }

  private static Linear linear(Dense dense) {
    TensorView weight = dense.weight();
    int rows = Math.toIntExact(weight.shape().extent(0));
    int columns = Math.toIntExact(weight.shape().elements() / rows);
    return new Linear(Weight.of(weight, rows, columns), vector(dense.bias()));
  }

  private static @Nullable Norm norm(VisionWeights.@Nullable Norm norm) {
    return norm == null ? null : requireNorm(norm);
  }

  private static Norm requireNorm(VisionWeights.Norm norm) {
    return new Norm(Weight.vector(norm.weight()), Weight.vector(norm.bias()));
  }

  private static @Nullable Weight vector(@Nullable TensorView tensor) {
    return tensor == null ? null : Weight.vector(tensor);
  }
}
