package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.AttentionPooler;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Names of a checkpoint to {@link VisionWeights}, as the parts of a configuration ask for them and
 * the family spells them.
 *
 * <p>A classifier's encoder is below {@code vit.}, {@code beit.} or the like; a base model's is
 * not. Blocks may be spelt in several ways ({@link Spelling}). Both differences are looked up in
 * the file; a file that has both forms of one is refused, since only one can be the model.
 */
final class VisionWeightsReader {
  private final Family family;
  private final VisionConfig config;
  private final EncoderParts parts;
  private final ConfigWords words;
  private final Scope root;
  private final Scope encoder;
  private final Spelling spelling;
  private final String width;
  private final String patch;
  private final String grid;

  /**
   * @param root all tensors of the checkpoint; it will know which were read
   */
  VisionWeightsReader(Family family, VisionConfig config, ConfigWords words, Scope root) {
    this(family, config, words, root, spelling(family, encoder(family, root)));
  }

  /**
   * @param spelling of the tensors, where more than the place of the blocks tells it
   */
  VisionWeightsReader(
      Family family, VisionConfig config, ConfigWords words, Scope root, Spelling spelling) {
    this.family = family;
    this.config = config;
    this.words = words;
    this.parts = config.encoder();
    this.root = root;
    this.encoder = encoder(family, root);
    this.spelling = spelling;
    this.width = words.say("hidden_size", config.hiddenSize());
    this.patch = words.say("patch_size", config.patchSize());
    this.grid = words.say("image_size", config.imageSize()) + " and " + patch;
  }

  private static Scope encoder(Family family, Scope root) {
    String anchor = family.anchor();
    String embeddings = anchor.substring(0, anchor.indexOf('.'));
    String found = family.scopes().getFirst();
    boolean below = false;
    for (String scope : family.scopes()) {
      if (root.has(anchor) && root.at(scope).has(anchor)) {
        throw root.ambiguous(anchor, scope + "." + anchor);
      }
      if (!below && root.hasBelow(scope)) {
        found = scope;
        below = true;
      }
    }
    boolean bare = root.has(anchor) || (!below && root.hasBelow(embeddings));
    return bare ? root : root.at(found);
  }

  private static Spelling spelling(Family family, Scope encoder) {
    List<Spelling> spellings = family.spellings();
    List<Spelling> present =
        spellings.stream().filter(one -> encoder.hasBelow(one.of(Part.BLOCKS))).toList();
    if (present.size() > 1) {
      throw encoder.ambiguous(present.get(0).of(Part.BLOCKS), present.get(1).of(Part.BLOCKS));
    }
    return present.isEmpty() ? spellings.getFirst() : present.getFirst();
  }

  VisionWeights read() {
    if (encoder.isEmpty() && !hasBareBlocks()) {
      throw root.without(
          "encoder of a %s".formatted(family.architecture()), encoder, Family.places(root));
    }
    VisionWeights weights = parts();
    new Leftovers(family, config, words, spelling).refuse(unread());
    return weights;
  }

  private VisionWeights parts() {
    return new VisionWeights(
        config,
        patchEmbedding(),
        prefixTokens(),
        positions(),
        table(encoder, BiasTable.SHARED),
        parts.norms().beforeBlocks() ? norm(encoder, Part.NORM_BEFORE_BLOCKS) : null,
        blocks(),
        parts.norms().afterBlocks() ? norm(encoder, Part.NORM_AFTER_BLOCKS) : null,
        pooledNorm(),
        pooler(),
        attentionPooler(),
        projection(),
        heads());
  }

  private Dense patchEmbedding() {
    Extent size = config.patchSize();
    Scope projection = encoder.at(spelling.of(Part.PATCH_EMBEDDING));
    Shape shape = Shape.of(config.hiddenSize(), config.channels(), size.height(), size.width());
    String why = width + ", " + words.say("num_channels", config.channels()) + " and " + patch;
    return new Dense(
        projection.require("weight", shape, why),
        parts.embeddings().patchBias()
            ? projection.require("bias", Shape.of(config.hiddenSize()), width)
            : null);
  }

  private List<TensorView> prefixTokens() {
    List<TensorView> tokens = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int count = parts.embeddings().count(kind);
      if (count > 0) {
        String why =
            kind == Kind.REGISTER
                ? width + " and " + words.say("num_register_tokens", count)
                : width;
        tokens.add(rows(name(kind), count, why));
      }
    }
    return tokens;
  }

  private String name(Kind kind) {
    return spelling.of(
        switch (kind) {
          case CLASS -> Part.CLASS_TOKEN;
          case DISTILLATION -> Part.DISTILLATION_TOKEN;
          case REGISTER -> Part.REGISTER_TOKENS;
        });
  }

  private @Nullable TensorView positions() {
    return switch (parts.embeddings().positions()) {
      case Positions.None _, Positions.Rotary _ -> null;
      case Positions.Learned _ -> {
        int rows = parts.embeddings().positionedPrefix() + config.patches();
        yield rows(spelling.of(Part.POSITIONS), rows, grid + ", " + width);
      }
    };
  }

  /** A tensor of rows as wide as a token: {@code [1, n, D]}, {@code [n, D]}, or one {@code [D]}. */
  private TensorView rows(String name, int count, String why) {
    int d = config.hiddenSize();
    Shape shape =
        switch (encoder.rank(name)) {
          case 1 -> Shape.of((long) count * d);
          case 2 -> Shape.of(count, d);
          default -> Shape.of(1, count, d);
        };
    return encoder.require(name, shape, why);
  }

  private SequencedMap<String, TensorView> unread() {
    SequencedMap<String, TensorView> unread = encoder.unread();
    if (hasBareBlocks()) {
      String blocks = spelling.of(Part.BLOCKS) + ".";
      layers().unread().forEach((name, tensor) -> unread.put(blocks + name, tensor));
    }
    return unread;
  }

  /** transformers 5.17 saves a ViT-MSN classifier's blocks, and only them, without the prefix. */
  private boolean hasBareBlocks() {
    String name = spelling.of(Part.BLOCKS);
    return !encoder.hasBelow(name) && root.hasBelow(name);
  }

  private Scope layers() {
    return (hasBareBlocks() ? root : encoder).at(spelling.of(Part.BLOCKS));
  }

  private List<Block> blocks() {
    Scope layers = layers();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(block(layers.at(Integer.toString(i))));
    }
    return blocks;
  }

  private Block block(Scope block) {
    int d = config.hiddenSize();
    SelfAttention attention = parts.attention();
    int inner = attention.width();
    String heads =
        words.say("num_attention_heads", attention.heads() + " of " + attention.headSize());
    Norm attentionNorm = norm(block, Part.ATTENTION_NORM);
    List<Dense> queryKeyValue =
        spelling.has(Part.QUERY_KEY_VALUE)
            ? fused(block, heads)
            : List.of(
                dense(at(block, Part.QUERY), inner, d, attention.queryBias(), heads),
                dense(at(block, Part.KEY), inner, d, attention.keyBias(), heads),
                dense(at(block, Part.VALUE), inner, d, attention.valueBias(), heads));
    return new Block(
        attentionNorm,
        queryKeyValue.get(0),
        queryKeyValue.get(1),
        queryKeyValue.get(2),
        table(block, BiasTable.PER_BLOCK),
        dense(at(block, Part.ATTENTION_OUTPUT), d, inner, attention.outputBias(), heads),
        layerScale(block, Part.ATTENTION_SCALE),
        norm(block, Part.MLP_NORM),
        mlpGate(block),
        mlpUp(block),
        mlpDown(block),
        layerScale(block, Part.MLP_SCALE));
  }

  /** Queries, keys and values that are one layer in the file. */
  private List<Dense> fused(Scope block, String why) {
    SelfAttention attention = parts.attention();
    int inner = attention.width();
    boolean whole = attention.keyBias();
    Dense layer =
        dense(at(block, Part.QUERY_KEY_VALUE), 3 * inner, config.hiddenSize(), whole, why);
    List<Dense> three = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      TensorView bias = layer.bias();
      three.add(
          new Dense(
              layer.weight().rows((long) part * inner, inner),
              bias == null ? null : bias.rows((long) part * inner, inner)));
    }
    if (!whole && attention.queryBias()) {
      Shape shape = Shape.of(inner);
      TensorView query = block.require(spelling.of(Part.QUERY_BIAS), shape, why);
      TensorView value = block.require(spelling.of(Part.VALUE_BIAS), shape, why);
      three.set(0, new Dense(three.get(0).weight(), query));
      three.set(2, new Dense(three.get(2).weight(), value));
    }
    return three;
  }

  private @Nullable Dense mlpGate(Scope block) {
    return switch (parts.mlp()) {
      case Mlp.Plain _ -> null;
      case Mlp.Gated _ ->
          spelling.has(Part.MLP_GATE) ? mlpUp(block, Part.MLP_GATE) : gateAndUp(block, 0);
    };
  }

  private Dense mlpUp(Scope block) {
    return switch (parts.mlp()) {
      case Mlp.Plain _ -> mlpUp(block, Part.MLP_UP);
      case Mlp.Gated _ ->
          spelling.has(Part.MLP_GATE) ? mlpUp(block, Part.MLP_UP) : gateAndUp(block, 1);
    };
  }

  private Dense mlpUp(Scope block, Part part) {
    Mlp mlp = parts.mlp();
    return dense(
        at(block, part), mlp.size(), config.hiddenSize(), mlp.bias(), family.mlpReason(mlp, words));
  }

  /** A half of what is one layer in the file. */
  private Dense gateAndUp(Scope block, int half) {
    Mlp mlp = parts.mlp();
    int f = mlp.size();
    Scope both = at(block, Part.MLP_GATE_AND_UP);
    Dense layer = dense(both, 2 * f, config.hiddenSize(), mlp.bias(), family.mlpReason(mlp, words));
    TensorView bias = layer.bias();
    return new Dense(
        layer.weight().rows((long) half * f, f),
        bias == null ? null : bias.rows((long) half * f, f));
  }

  private Dense mlpDown(Scope block) {
    Mlp mlp = parts.mlp();
    Part part =
        switch (mlp) {
          case Mlp.Plain _ -> Part.MLP_DOWN;
          case Mlp.Gated _ -> Part.MLP_GATED_DOWN;
        };
    return dense(
        at(block, part), config.hiddenSize(), mlp.size(), mlp.bias(), family.mlpReason(mlp, words));
  }

  private Scope at(Scope scope, Part part) {
    return scope.at(spelling.of(part));
  }

  private @Nullable TensorView layerScale(Scope block, Part part) {
    return parts.layerScale()
        ? block.require(
            spelling.of(part),
            Shape.of(config.hiddenSize()),
            width + " and " + family.layerScaleReason())
        : null;
  }

  private @Nullable TensorView table(Scope scope, BiasTable place) {
    if (!parts.attention().has(place)) {
      return null;
    }
    Part part =
        switch (place) {
          case SHARED -> Part.SHARED_BIAS;
          case PER_BLOCK -> Part.BLOCK_BIAS;
        };
    String key =
        switch (place) {
          case SHARED -> "use_shared_relative_position_bias";
          case PER_BLOCK -> "use_relative_position_bias";
        };
    Extent window = config.grid();
    long rows = (2L * window.height() - 1) * (2L * window.width() - 1) + 3;
    String why =
        grid
            + ", "
            + words.say("num_attention_heads", config.heads())
            + " and "
            + words.say(key, true);
    return scope.require(spelling.of(part), Shape.of(rows, config.heads()), why);
  }

  private @Nullable Norm pooledNorm() {
    boolean normed =
        switch (config.pooling()) {
          case TokenPooling.ClassToken _,
              TokenPooling.ClassAndPatchMean _,
              TokenPooling.AttentionHead _ ->
              false;
          case TokenPooling.PatchMean(boolean mean) -> mean;
        };
    return normed || config.pooler() instanceof Pooler.NormedClassToken
        ? norm(encoder, Part.NORM_OF_POOLED)
        : null;
  }

  private @Nullable Dense pooler() {
    return switch (config.pooler()) {
      case Pooler.None _,
          Pooler.ClassToken _,
          Pooler.Pooled _,
          Pooler.NormedClassToken _,
          Pooler.AttentionHead _ ->
          null;
      case Pooler.Dense(_, int size) ->
          dense(
              at(encoder, Part.POOLER),
              size,
              config.hiddenSize(),
              true,
              words.say("pooler_output_size", size));
    };
  }

  private @Nullable AttentionPooler attentionPooler() {
    if (config.pooler() instanceof Pooler.AttentionHead(Mlp.Plain mlp)) {
      return attentionPooler(mlp);
    }
    return config.pooling() instanceof TokenPooling.AttentionHead(Mlp.Plain mlp)
        ? attentionPooler(mlp)
        : null;
  }

  private AttentionPooler attentionPooler(Mlp.Plain mlp) {
    int d = config.hiddenSize();
    int f = mlp.size();
    String why = "the attention pooling head";
    String inner = words.say("intermediate_size", f);
    Dense query;
    Dense keyValue;
    if (spelling.has(Part.POOLER_QUERY_KEY_VALUE)) {
      String whole = spelling.of(Part.POOLER_QUERY_KEY_VALUE);
      TensorView weight = encoder.require(whole + "_weight", Shape.of(3L * d, d), why);
      TensorView bias = encoder.require(whole + "_bias", Shape.of(3L * d), why);
      query = new Dense(weight.rows(0, d), bias.rows(0, d));
      keyValue = new Dense(weight.rows(d, 2L * d), bias.rows(d, 2L * d));
    } else {
      query = dense(at(encoder, Part.POOLER_QUERY), d, d, true, why);
      keyValue = dense(at(encoder, Part.POOLER_KEY_VALUE), 2 * d, d, true, why);
    }
    return new AttentionPooler(
        rows(spelling.of(Part.POOLER_PROBE), 1, width + " and " + why),
        query,
        keyValue,
        dense(at(encoder, Part.POOLER_ATTENTION_OUTPUT), d, d, true, why),
        norm(encoder, Part.POOLER_NORM),
        dense(at(encoder, Part.POOLER_MLP_UP), f, d, true, inner),
        dense(at(encoder, Part.POOLER_MLP_DOWN), d, f, true, inner));
  }

  private @Nullable Dense projection() {
    int size = config.projectionSize();
    return size == 0
        ? null
        : dense(
            root.at(Clip.PROJECTION), size, config.hiddenSize(), false, "projection_dim=" + size);
  }

  private List<Dense> heads() {
    return config.head() == Head.NONE
        ? List.of()
        : family.heads().stream()
            .filter(form -> form.head() == config.head())
            .flatMap(form -> form.layers().stream())
            .map(this::head)
            .toList();
  }

  private Dense head(String name) {
    int classes = config.labels().size();
    String why =
        "config.json has %d labels%s"
            .formatted(
                classes,
                switch (config.pooling()) {
                  case TokenPooling.ClassToken _,
                      TokenPooling.PatchMean _,
                      TokenPooling.AttentionHead _ ->
                      "";
                  case TokenPooling.ClassAndPatchMean _ ->
                      " of class token and mean of the patches";
                });
    return dense(root.at(name), classes, config.pooledSize(), true, why);
  }

  private Dense dense(Scope scope, int out, int in, boolean bias, String why) {
    String reason = width + " and " + why;
    return new Dense(
        scope.require("weight", Shape.of(out, in), reason),
        bias ? scope.require("bias", Shape.of(out), reason) : null);
  }

  private Norm norm(Scope scope, Part part) {
    Scope at = scope.at(spelling.of(part));
    Shape shape = Shape.of(config.hiddenSize());
    return new Norm(at.require("weight", shape, width), at.require("bias", shape, width));
  }
}
