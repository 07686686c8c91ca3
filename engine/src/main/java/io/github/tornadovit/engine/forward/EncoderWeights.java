package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.SelfAttention.BiasInterpolation;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.AttentionPooler;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an encoder as the operations take them: queries, keys and values stacked into one
 * product, gates before what passes them, bias tables gathered per head, prefix tokens in rows,
 * positions for every token. Each is made once per model, so that every program of the model shares
 * it.
 */
final class EncoderWeights {
  private final VisionConfig trained;

  /** Of the image size that programs are for. */
  final VisionConfig config;

  final VisionWeights tensors;
  final Weight patchBias;
  final @Nullable Weight prefixTokens;
  final @Nullable Weight positions;

  /** Of rotary positions. */
  final @Nullable Weight rotations;

  final List<BlockAttention> attention;

  /** Of gated MLPs, {@code [2 F, D]}: the gate's rows, then those of what passes it. */
  final List<Layer> gateAndUp;

  /** Of the attention pooling head. */
  final @Nullable BlockAttention poolerAttention;

  private final IdentityHashMap<TensorView, Weight> byTensor = new IdentityHashMap<>();

  /** A linear layer. */
  record Layer(Weight weight, @Nullable Weight bias) {}

  /**
   * What attention of a block takes.
   *
   * @param queryKeyValue {@code [3 H d, D]}
   * @param bias of that product, {@code [3 H d]}
   * @param relativePositions {@code [H T, T]}
   */
  record BlockAttention(
      Weight queryKeyValue, @Nullable Weight bias, @Nullable Weight relativePositions) {}

  /**
   * @param imageSize pixels, height and width; if it is not the size that the model was trained on,
   *     positions are interpolated
   */
  EncoderWeights(VisionWeights weights, Extent imageSize) {
    tensors = weights;
    trained = weights.config();
    config = trained.withImageSize(imageSize);
    int width = config.hiddenSize();
    TensorView ofPatches = weights.patchEmbedding().bias();
    patchBias = ofPatches == null ? zeros(width) : vector(ofPatches);
    prefixTokens = config.prefixTokens() == 0 ? null : prefixTokens();
    positions =
        switch (config.encoder().embeddings().positions()) {
          case Positions.None _, Positions.Rotary _ -> null;
          case Positions.Learned(Positions.Interpolation rule) ->
              PositionRows.of(Objects.requireNonNull(weights.positions()), rule, trained, config);
        };
    rotations =
        switch (config.encoder().embeddings().positions()) {
          case Positions.None _, Positions.Learned _ -> null;
          case Positions.Rotary(float theta) -> Rotations.of(theta, config);
        };
    TensorView table = weights.sharedRelativePositions();
    Weight shared = table == null ? null : relativePositions(List.of(table));
    List<BlockAttention> blocks = new ArrayList<>();
    for (Block block : weights.blocks()) {
      blocks.add(attention(block, shared));
    }
    attention = List.copyOf(blocks);
    gateAndUp = weights.blocks().stream().map(this::gateAndUp).filter(Objects::nonNull).toList();
    AttentionPooler head = weights.attentionPooler();
    poolerAttention = head == null ? null : poolerAttention(head);
  }

  private Weight prefixTokens() {
    int width = config.hiddenSize();
    return Weight.stackRows(
        "prefix tokens",
        tensors.prefixTokens().stream()
            .map(
                token -> Weight.of(token, Math.toIntExact(token.shape().elements() / width), width))
            .toList());
  }

  private BlockAttention attention(Block block, @Nullable Weight shared) {
    Layer product =
        stacked(
            block.query().weight().name() + "+key+value",
            List.of(block.query(), block.key(), block.value()));
    return new BlockAttention(product.weight(), product.bias(), bias(block, shared));
  }

  private @Nullable Layer gateAndUp(Block block) {
    Dense gate = block.mlpGate();
    return gate == null
        ? null
        : stacked(gate.weight().name() + "+up", List.of(gate, block.mlpUp()));
  }

  /** Layers of the same input as one, which has a bias if one of them has. */
  private Layer stacked(String name, List<Dense> layers) {
    boolean biased = layers.stream().anyMatch(layer -> layer.bias() != null);
    return new Layer(
        Weight.stackRows(name, layers.stream().map(layer -> matrix(layer.weight())).toList()),
        biased ? biases(name + ".bias", layers) : null);
  }

  /**
   * The query of an attention pooling head does not depend on the image: it is {@code W_q probe +
   * b_q} for every token, by a product of zeros whose bias it is, so that attention is the same as
   * that of a block.
   */
  private BlockAttention poolerAttention(AttentionPooler head) {
    int width = config.hiddenSize();
    float[] weight = head.query().weight().toArray();
    float[] query = Objects.requireNonNull(head.query().bias()).toArray();
    float[] probe = head.probe().toArray();
    for (int row = 0; row < width; row++) {
      double sum = query[row];
      for (int i = 0; i < width; i++) {
        sum += (double) weight[row * width + i] * probe[i];
      }
      query[row] = (float) sum;
    }
    TensorView keyValue = head.keyValue().weight();
    String name = keyValue.name();
    return new BlockAttention(
        Weight.stackRows(
            name,
            List.of(
                Weight.of("no query", width, width, new float[width * width]), matrix(keyValue))),
        Weight.concatenate(
            name + ".bias",
            List.of(
                Weight.of("query", 1, width, query),
                vector(Objects.requireNonNull(head.keyValue().bias())))),
        null);
  }

  /** The biases of layers one after the other; absent ones are zeros. */
  private Weight biases(String name, List<Dense> layers) {
    List<Weight> biases = new ArrayList<>();
    for (Dense layer : layers) {
      int width = extent(layer.weight(), 0);
      TensorView bias = layer.bias();
      biases.add(bias == null ? zeros(width) : vector(bias));
    }
    return Weight.concatenate(name, biases);
  }

  private @Nullable Weight bias(Block block, @Nullable Weight shared) {
    TensorView own = block.relativePositions();
    if (own == null) {
      return shared;
    }
    TensorView common = tensors.sharedRelativePositions();
    return relativePositions(common == null ? List.of(own) : List.of(own, common));
  }

  /** The sum of tables, gathered to {@code [H T, T]}. */
  private Weight relativePositions(List<TensorView> tables) {
    int tokens = config.tokens();
    int heads = config.heads();
    BiasInterpolation rule = config.encoder().attention().biasInterpolation();
    float[] bias = new float[Math.multiplyExact(heads * tokens, tokens)];
    for (TensorView table : tables) {
      RelativePositions.addTo(bias, table, rule, trained.grid(), config.grid(), heads);
    }
    return Weight.of(tables.getFirst().name(), heads * tokens, tokens, bias);
  }

  /** A tensor {@code [rows, ...]} as a matrix. */
  synchronized Weight matrix(TensorView tensor) {
    return byTensor.computeIfAbsent(
        tensor,
        _ -> {
          int rows = extent(tensor, 0);
          return Weight.of(tensor, rows, Math.toIntExact(tensor.shape().elements() / rows));
        });
  }

  /** A tensor as a vector. */
  synchronized Weight vector(TensorView tensor) {
    return byTensor.computeIfAbsent(tensor, Weight::vector);
  }

  /** A tensor as a vector, or null without one. */
  @Nullable Weight vectorIfAny(@Nullable TensorView tensor) {
    return tensor == null ? null : vector(tensor);
  }

  /** The bias of a layer, which may have none. */
  @Nullable Weight bias(Dense layer) {
    return vectorIfAny(layer.bias());
  }

  private static Weight zeros(int width) {
    return Weight.of("no bias", 1, width, new float[width]);
  }

  private static int extent(TensorView tensor, int axis) {
    return Math.toIntExact(tensor.shape().extent(axis));
  }
}
