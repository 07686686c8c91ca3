package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of a checkpoint to {@link VisionWeights}: the only place that knows how transformers names
 * tensors.
 *
 * <p>A classifier's encoder is below {@code vit.}, {@code beit.} or the like; a base model's is
 * not. Blocks are spelt in one of two ways ({@link Spelling}). Both differences are looked up in
 * the file; a file that has both forms of one is refused, since only one can be the model.
 */
final class VisionWeightsReader {
  private static final String CLASS_TOKEN = "embeddings.cls_token";

  private final VisionConfig config;
  private final Scope root;
  private final Scope encoder;
  private final Spelling spelling;
  private final String width;
  private final String grid;

  private VisionWeightsReader(VisionConfig config, Scope root) {
    this.config = config;
    this.root = root;
    this.encoder = encoder(config, root);
    this.spelling = spelling(encoder);
    this.width = "hidden_size=" + config.hiddenSize();
    this.grid = "image_size=%s and patch_size=%s".formatted(config.imageSize(), config.patchSize());
  }

  /**
   * Reads the weights that a configuration asks for.
   *
   * @param root all tensors of the checkpoint; it will know which were read
   */
  static VisionWeights read(VisionConfig config, Scope root) {
    return new VisionWeightsReader(config, root).read();
  }

  private static Scope encoder(VisionConfig config, Scope root) {
    String family = config.architecture().scope();
    if (root.has(CLASS_TOKEN) && root.at(family).has(CLASS_TOKEN)) {
      throw root.ambiguous(CLASS_TOKEN, family + "." + CLASS_TOKEN);
    }
    boolean bare = root.has(CLASS_TOKEN) || (!root.hasBelow(family) && root.hasBelow("embeddings"));
    return root.at(bare ? "" : family);
  }

  private static Spelling spelling(Scope encoder) {
    boolean ofModules = encoder.hasBelow(Spelling.OF_MODULES.layers());
    if (ofModules && encoder.hasBelow(Spelling.OF_FILES.layers())) {
      throw encoder.ambiguous(Spelling.OF_FILES.layers(), Spelling.OF_MODULES.layers());
    }
    return ofModules ? Spelling.OF_MODULES : Spelling.OF_FILES;
  }

  private VisionWeights read() {
    Scope embeddings = encoder.at("embeddings");
    boolean base = config.head() == Head.NONE;
    boolean beit = config.architecture().isBeit();
    return new VisionWeights(
        config,
        patchEmbedding(embeddings),
        prefixTokens(embeddings),
        positions(embeddings),
        config.sharedRelativePositions() ? table(encoder, spelling.sharedBias(), true) : null,
        blocks(),
        config.meanPooling() ? null : norm(encoder.at("layernorm")),
        poolerNorm(base),
        base && !beit ? pooler() : null,
        heads());
  }

  private Dense patchEmbedding(Scope embeddings) {
    Extent patch = config.patchSize();
    Scope projection = embeddings.at("patch_embeddings.projection");
    Shape shape = Shape.of(config.hiddenSize(), config.channels(), patch.height(), patch.width());
    String why = "%s, num_channels=%d and patch_size=%s".formatted(width, config.channels(), patch);
    return new Dense(
        projection.require("weight", shape, why),
        projection.require("bias", Shape.of(config.hiddenSize()), width));
  }

  private List<TensorView> prefixTokens(Scope embeddings) {
    Shape shape = Shape.of(1, 1, config.hiddenSize());
    List<TensorView> tokens = new ArrayList<>();
    tokens.add(embeddings.require("cls_token", shape, width));
    if (config.distillationToken()) {
      tokens.add(embeddings.require("distillation_token", shape, width));
    }
    return tokens;
  }

  private @Nullable TensorView positions(Scope embeddings) {
    if (!config.absolutePositions()) {
      return null;
    }
    Shape shape = Shape.of(1, config.tokens(), config.hiddenSize());
    return embeddings.require("position_embeddings", shape, grid + ", " + width);
  }

  private List<Block> blocks() {
    // transformers 5.17 saves a ViT-MSN classifier's blocks, and only them, without the prefix.
    boolean bare = !encoder.hasBelow(spelling.layers()) && root.hasBelow(spelling.layers());
    Scope layers = (bare ? root : encoder).at(spelling.layers());
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(block(layers.at(Integer.toString(i))));
    }
    return blocks;
  }

  private Block block(Scope block) {
    int d = config.hiddenSize();
    int inner = config.heads() * config.headSize();
    int f = config.mlpSize();
    String heads = "num_attention_heads=%d of %d".formatted(config.heads(), config.headSize());
    String mlp = "intermediate_size=" + f;
    if (config.architecture().isBeit()) {
      String type = config.architecture().modelType();
      block.at(spelling.key()).forbid("bias", "model_type=" + type + ", whose keys have no bias");
    }
    return new Block(
        norm(block.at("layernorm_before")),
        dense(block.at(spelling.query()), inner, d, config.queryValueBias(), heads),
        dense(block.at(spelling.key()), inner, d, config.keyBias(), heads),
        dense(block.at(spelling.value()), inner, d, config.queryValueBias(), heads),
        config.relativePositions() ? table(block, spelling.blockBias(), false) : null,
        dense(block.at(spelling.attentionOutput()), d, inner, true, heads),
        layerScale(block, "lambda_1"),
        norm(block.at("layernorm_after")),
        dense(block.at(spelling.mlpUp()), f, d, true, mlp),
        dense(block.at(spelling.mlpDown()), d, f, true, mlp),
        layerScale(block, "lambda_2"));
  }

  private @Nullable TensorView layerScale(Scope block, String name) {
    return config.layerScale()
        ? block.require(
            name, Shape.of(config.hiddenSize()), width + " and layer_scale_init_value is not 0")
        : null;
  }

  private TensorView table(Scope scope, String name, boolean shared) {
    Extent window = config.grid();
    long rows = (2L * window.height() - 1) * (2L * window.width() - 1) + 3;
    String key = shared ? "use_shared_relative_position_bias" : "use_relative_position_bias";
    String why = "%s, num_attention_heads=%d and %s=true".formatted(grid, config.heads(), key);
    return scope.require(name, Shape.of(rows, config.heads()), why);
  }

  private @Nullable Norm poolerNorm(boolean base) {
    Scope pooler = encoder.at("pooler.layernorm");
    boolean absent = base && !pooler.has("weight") && !pooler.has("bias");
    return config.meanPooling() && !absent ? norm(pooler) : null;
  }

  private @Nullable Dense pooler() {
    Scope pooler = encoder.at("pooler.dense");
    if (!pooler.has("weight") && !pooler.has("bias")) {
      return null;
    }
    String why = "pooler_output_size=" + config.poolerSize();
    return dense(pooler, config.poolerSize(), config.hiddenSize(), true, why);
  }

  private List<Dense> heads() {
    return switch (config.head()) {
      case NONE -> List.of();
      case CLASSIFIER -> List.of(head("classifier"));
      case DISTILLED -> List.of(head("cls_classifier"), head("distillation_classifier"));
    };
  }

  private Dense head(String name) {
    int classes = config.labels().size();
    String why = "config.json has %d labels".formatted(classes);
    return dense(root.at(name), classes, config.hiddenSize(), true, why);
  }

  private Dense dense(Scope scope, int out, int in, boolean bias, String why) {
    String reason = width + " and " + why;
    return new Dense(
        scope.require("weight", Shape.of(out, in), reason),
        bias ? scope.require("bias", Shape.of(out), reason) : null);
  }

  private Norm norm(Scope scope) {
    Shape shape = Shape.of(config.hiddenSize());
    return new Norm(scope.require("weight", shape, width), scope.require("bias", shape, width));
  }
}
