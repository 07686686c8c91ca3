package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.json.JsonObject;

/** Models of a vision encoder and a text encoder, of which the vision encoder is read. */
final class Towers {
  /** The place of the vision encoder. */
  static final String SCOPE = "vision_model";

  private Towers() {}

  /** Whether a {@code config.json} is of such a model or of its vision encoder alone. */
  static boolean reads(JsonObject config, String type) {
    String named = config.text("model_type");
    return type.equals(named) || alone(type).equals(named);
  }

  private static String alone(String type) {
    return type + "_vision_model";
  }

  /**
   * What is about the vision encoder: the whole, if it is alone; else what is at a key, and its
   * defaults if there is nothing.
   */
  static JsonObject vision(JsonObject config, String key) {
    String named = config.text("model_type");
    if (named != null && named.endsWith(alone(""))) {
      return config;
    }
    return config.holds(key) ? config.object(key) : config.absent(key);
  }
}
