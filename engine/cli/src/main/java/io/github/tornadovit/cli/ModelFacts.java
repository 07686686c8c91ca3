package io.github.tornadovit.cli;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The parts of a model in words. */
final class ModelFacts {
  private final VisionConfig config;
  private final EncoderParts encoder;

  private ModelFacts(VisionConfig config) {
    this.config = config;
    this.encoder = config.encoder();
  }

  /**
   * The facts by name, in the order to show them.
   *
   * @param trained what the checkpoint says
   * @param imageSize that the model runs at
   */
  static Map<String, Object> of(VisionConfig trained, Extent imageSize) {
    Map<String, Object> facts = new LinkedHashMap<>();
    ModelFacts model = new ModelFacts(trained.withImageSize(imageSize));
    model.put(facts);
    if (!imageSize.equals(trained.imageSize())) {
      facts.put(
          "image_size_trained", trained.imageSize() + ", positions interpolated to " + imageSize);
    }
    return facts;
  }

  private void put(Map<String, Object> facts) {
    facts.put("architecture", config.architecture().toString());
    facts.put("saved_by", savedBy());
    facts.put("head", config.head().toString());
    facts.put("labels", config.labels());
    facts.put("scores", config.problemType().toString());
    facts.put("pooling", pooled());
    facts.put("pooler", pooler());
    facts.put("poolings", poolings());
    facts.put("pooling_by_default", Pooling.of(config).label());
    facts.put("image_size", config.imageSize().toString());
    facts.put("patch_size", config.patchSize().toString());
    facts.put("channels", config.channels());
    facts.put("patches", config.grid().toString());
    facts.put("prefix_tokens", prefix());
    facts.put("tokens", config.tokens());
    facts.put("hidden_size", config.hiddenSize());
    facts.put("layers", config.layers());
    facts.put("heads", config.heads());
    facts.put("head_size", encoder.attention().headSize());
    facts.put("qkv_biases", biases());
    facts.put("mlp", mlp());
    facts.put("mlp_size", encoder.mlp().size());
    facts.put("activation", lower(encoder.mlp().activation()));
    facts.put("norms", norms());
    facts.put("layer_scale", encoder.layerScale());
    facts.put("positions", positions());
  }

  private String savedBy() {
    String type = config.architecture().type();
    return type.equals("timm") ? "timm" : "transformers, model_type " + type;
  }

  private String pooled() {
    return switch (config.pooling()) {
      case TokenPooling.ClassToken _ -> "class token";
      case TokenPooling.PatchMean(boolean normed) ->
          normed ? "mean of the patches, normed" : "mean of the patches";
      case TokenPooling.ClassAndPatchMean _ -> "class token and mean of the patches, together";
      case TokenPooling.AttentionHead(_, boolean ofPatches) ->
          ofPatches ? "attention pooling head over the patches" : "attention pooling head";
    };
  }

  private String pooler() {
    return switch (config.pooler()) {
      case Pooler.None _ -> "none";
      case Pooler.ClassToken _ -> "class token";
      case Pooler.DistilledPair _ -> "mean of class token and distillation token";
      case Pooler.Pooled _ -> pooled();
      case Pooler.NormedClassToken(Integer projection) ->
          projection == null
              ? "class token, normed"
              : "class token, normed; before the projection to %d".formatted(projection);
      case Pooler.AttentionHead _ -> "attention pooling head";
      case Pooler.Dense(var activation, int size) ->
          "dense layer of %d and %s on the class token".formatted(size, lower(activation));
    };
  }

  private List<String> poolings() {
    return Pooling.all(config).stream()
        .map(pooling -> pooling.label() + " " + Feature.of(pooling).shape(config))
        .toList();
  }

  private List<String> prefix() {
    List<String> present = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int count = encoder.embeddings().count(kind);
      if (count > 0) {
        present.add(lower(kind) + (count == 1 ? "" : " x " + count));
      }
    }
    return present;
  }

  private List<String> biases() {
    SelfAttention attention = encoder.attention();
    List<String> present = new ArrayList<>();
    if (attention.queryBias()) {
      present.add("query");
    }
    if (attention.keyBias()) {
      present.add("key");
    }
    if (attention.valueBias()) {
      present.add("value");
    }
    return present;
  }

  private String mlp() {
    return switch (encoder.mlp()) {
      case Mlp.Plain _ -> "plain";
      case Mlp.Gated _ -> "gated";
    };
  }

  private String norms() {
    Norms norms = encoder.norms();
    return "in every block"
        + (norms.beforeBlocks() ? ", before the first" : "")
        + (norms.afterBlocks() ? ", after the last" : "")
        + ", eps "
        + norms.eps();
  }

  private String positions() {
    List<String> present = new ArrayList<>();
    switch (encoder.embeddings().positions()) {
      case Positions.None _ -> {}
      case Positions.Learned _ -> present.add("absolute");
      case Positions.Rotary _ -> present.add("rotary");
    }
    if (encoder.attention().has(BiasTable.PER_BLOCK)) {
      present.add("relative per block");
    }
    if (encoder.attention().has(BiasTable.SHARED)) {
      present.add("relative shared by all blocks");
    }
    return present.isEmpty() ? "none" : String.join(", ", present);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
