package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
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
  private final PartReader reader;

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
    this.reader = new PartReader(family, config, words, spelling);
  }

  private static Scope encoder(Family family, Scope root) {
    String anchor = family.anchor();
    String embeddings = anchor.substring(0, anchor.indexOf('.'));
    String scope = family.names().scope();
    if (root.has(anchor) && root.at(scope).has(anchor)) {
      throw root.ambiguous(anchor, scope + "." + anchor);
    }
    boolean below = root.hasBelow(scope);
    boolean bare = root.has(anchor) || (!below && root.hasBelow(embeddings));
    return bare ? root : root.at(scope);
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
          "%s encoder".formatted(family.architecture()), encoder, Family.places(root));
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
        reader.table(encoder, BiasTable.SHARED),
        parts.norms().beforeBlocks() ? reader.norm(encoder, Part.NORM_BEFORE_BLOCKS) : null,
        blocks(),
        parts.norms().afterBlocks() ? reader.norm(encoder, Part.NORM_AFTER_BLOCKS) : null,
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
    String width = reader.width();
    String channels = words.say("num_channels", config.channels());
    String why = width + ", " + channels + " and " + reader.patch();
    return new Dense(
        projection.require("weight", shape, why),
        parts.embeddings().patchBias()
            ? projection.require(
                "bias", Shape.of(config.hiddenSize()), width + reader.said(Part.PATCH_EMBEDDING))
            : null);
  }

  private List<TensorView> prefixTokens() {
    List<TensorView> tokens = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int count = parts.embeddings().count(kind);
      if (count > 0) {
        tokens.add(reader.rows(encoder, part(kind), count, count(kind, count)));
      }
    }
    return tokens;
  }

  private String count(Kind kind, int count) {
    return kind == Kind.REGISTER
        ? reader.width() + " and " + words.say("num_register_tokens", count)
        : reader.width();
  }

  private static Part part(Kind kind) {
    return switch (kind) {
      case CLASS -> Part.CLASS_TOKEN;
      case DISTILLATION -> Part.DISTILLATION_TOKEN;
      case REGISTER -> Part.REGISTER_TOKENS;
    };
  }

  private @Nullable TensorView positions() {
    return switch (parts.embeddings().positions()) {
      case Positions.None _, Positions.Rotary _ -> null;
      case Positions.Learned _ -> {
        int rows = parts.embeddings().positionedPrefix() + config.patches();
        yield reader.rows(encoder, Part.POSITIONS, rows, reader.grid() + ", " + reader.width());
      }
    };
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
    BlockReader reader = new BlockReader(parts, this.reader);
    Scope layers = layers();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      Scope block = layers.at(Integer.toString(i));
      if (block.isEmpty()) {
        throw words.contradiction(
            "%s, but block %d is missing: no tensor is below '%s'"
                .formatted(words.say("num_hidden_layers", config.layers()), i, block.place()));
      }
      blocks.add(reader.read(block));
    }
    return blocks;
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
        ? reader.norm(encoder, Part.NORM_OF_POOLED)
        : null;
  }

  private @Nullable Dense pooler() {
    return switch (config.pooler()) {
      case Pooler.None _,
          Pooler.ClassToken _,
          Pooler.DistilledPair _,
          Pooler.Pooled _,
          Pooler.NormedClassToken _,
          Pooler.AttentionHead _ ->
          null;
      case Pooler.Dense(_, int size) ->
          reader.dense(
              encoder,
              Part.POOLER,
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
    return config.pooling() instanceof TokenPooling.AttentionHead(Mlp.Plain mlp, boolean _)
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
      query = reader.dense(encoder, Part.POOLER_QUERY, d, d, true, why);
      keyValue = reader.dense(encoder, Part.POOLER_KEY_VALUE, 2 * d, d, true, why);
    }
    return new AttentionPooler(
        reader.rows(encoder, Part.POOLER_PROBE, 1, reader.width() + " and " + why),
        query,
        keyValue,
        reader.dense(encoder, Part.POOLER_ATTENTION_OUTPUT, d, d, true, why),
        reader.norm(encoder, Part.POOLER_NORM),
        reader.dense(encoder, Part.POOLER_MLP_UP, f, d, true, inner),
        reader.dense(encoder, Part.POOLER_MLP_DOWN, d, f, true, inner));
  }

  private @Nullable Dense projection() {
    int size = config.projectionSize();
    return size == 0
        ? null
        : reader.dense(
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
    return reader.dense(root.at(name), classes, config.pooledSize(), true, why);
  }
}
