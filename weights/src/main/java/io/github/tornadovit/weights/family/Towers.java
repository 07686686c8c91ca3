package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;

/** Models of a vision encoder and a text encoder, of which the vision encoder is read. */
final class Towers {
  /** The place of the vision encoder. */
  static final String SCOPE = "vision_model";

  /** The end of the type of a vision encoder alone. */
  private static final String ALONE = "_vision_model";

  private Towers() {}

  /** The types of such a model and of its vision encoder alone. */
  static List<String> types(String type) {
    return List.of(type, type + ALONE);
  }

  /**
   * What is about the vision encoder: the whole, if it is alone; else what is at a key, and its
   * defaults if there is nothing.
   */
  static JsonObject vision(JsonObject config, String key) {
    String named = config.text("model_type");
    if (named != null && named.endsWith(ALONE)) {
      return config;
    }
    return config.holds(key) ? config.object(key) : config.absent(key);
  }
}
