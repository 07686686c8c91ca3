package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.json.JsonObject;

/** A {@code config.json}'s own words for what a configuration says, for messages. */
class ConfigWords {
  private final JsonObject config;

  /**
   * @param config what is about the encoder
   */
  ConfigWords(JsonObject config) {
    this.config = config;
  }

  /**
   * A key with its value, and whether the file says so or nothing.
   *
   * @param key as transformers calls it, where several families have it
   */
  String say(String key, Object value) {
    String said = config.path(key) + "=" + value;
    if (config.has(key)) {
      return said;
    }
    String absent = config.absentKey();
    return said
        + (absent == null ? " (default)" : " (default, for want of '%s')".formatted(absent));
  }

  /** The error that what the file says is not so. */
  CheckpointException contradiction(String problem) {
    return new CheckpointException(config.where(), problem);
  }
}
