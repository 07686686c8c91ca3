package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** The names that configs give activation functions. */
final class Activations {
  private static final Map<String, Activation> BY_NAME =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("linear", Activation.IDENTITY),
              Map.entry("gelu", Activation.GELU),
              Map.entry("gelu_python", Activation.GELU),
              Map.entry("gelu_new", Activation.GELU_TANH),
              Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
              Map.entry("gelu_python_tanh", Activation.GELU_TANH),
              Map.entry("gelu_fast", Activation.GELU_TANH),
              Map.entry("gelu_accurate", Activation.GELU_TANH),
              Map.entry("quick_gelu", Activation.QUICK_GELU),
              Map.entry("relu", Activation.RELU),
              Map.entry("silu", Activation.SILU),
              Map.entry("swish", Activation.SILU),
              Map.entry("tanh", Activation.TANH)));

  private Activations() {}

  /** The activation that a key names, or the default if it is absent. */
  static Activation read(JsonObject config, String key, Activation absent) {
    if (!config.has(key)) {
      return config.byDefault(key, absent);
    }
    String name = config.text(key);
    Activation activation = name == null ? null : BY_NAME.get(name);
    if (activation == null) {
      throw config.wrong(key, "one of " + String.join(", ", BY_NAME.keySet()));
    }
    return activation;
  }
}
