package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.AttentionToken;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What callers are told of a model.
 *
 * @param name in the paths of the Open Inference Protocol
 * @param config of the model, at the image size that it runs at
 * @param classifies whether it has a classifier
 * @param facts for {@code GET /model}; no path of the machine is among them
 */
public record ModelCard(
    String name, VisionConfig config, boolean classifies, Map<String, Object> facts) {

  /** The card of a model, with what a page needs to know put before the other facts. */
  static ModelCard of(
      String name, VisionConfig config, boolean classifies, Map<String, Object> others) {
    Map<String, Object> facts = new LinkedHashMap<>();
    ModelCard card = new ModelCard(name, config, classifies, facts);
    facts.put("model", name);
    facts.put("classifies", classifies);
    facts.put("labels", config.labels());
    facts.put("layers", config.layers());
    facts.put("attention_tokens", card.tokens().stream().map(ModelCard::label).toList());
    facts.putAll(others);
    return card;
  }

  List<Pooling> poolings() {
    return Pooling.all(config);
  }

  /** The tokens whose attention can be asked for. */
  List<AttentionToken> tokens() {
    List<AttentionToken> tokens = new ArrayList<>();
    if (config.has(Kind.CLASS)) {
      tokens.add(AttentionToken.CLS);
    }
    if (config.has(Kind.DISTILLATION)) {
      tokens.add(AttentionToken.DISTILLATION);
    }
    tokens.add(AttentionToken.PATCHES);
    return tokens;
  }

  static String label(AttentionToken token) {
    return token.name().toLowerCase(Locale.ROOT);
  }
}
