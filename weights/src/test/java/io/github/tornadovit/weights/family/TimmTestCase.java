package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.Tensors;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small encoder of timm by its tensors, of which tests take away and add some. */
abstract class TimmTestCase {
  static final int WIDTH = 6;

  /** With biases and without scales, as the tensors are, whatever the architecture. */
  static final String AS_HERE = ",\"qkv_bias\":true,\"init_values\":null";

  final List<String> notes = new ArrayList<>();
  final Map<String, TensorView> tensors = new TreeMap<>();

  TimmTestCase() {
    put("cls_token", 1, 1, WIDTH);
    put("pos_embed", 1, 5, WIDTH);
    put("patch_embed.proj.weight", WIDTH, 3, 4, 4);
    put("patch_embed.proj.bias", WIDTH);
    for (int i = 0; i < 2; i++) {
      String block = "blocks." + i + ".";
      norm(block + "norm1");
      put(block + "attn.qkv.weight", 3 * WIDTH, WIDTH);
      put(block + "attn.qkv.bias", 3 * WIDTH);
      put(block + "attn.proj.weight", WIDTH, WIDTH);
      put(block + "attn.proj.bias", WIDTH);
      norm(block + "norm2");
      put(block + "mlp.fc1.weight", 7, WIDTH);
      put(block + "mlp.fc1.bias", 7);
      put(block + "mlp.fc2.weight", WIDTH, 7);
      put(block + "mlp.fc2.bias", WIDTH);
    }
    norm("norm");
    put("head.weight", 3, WIDTH);
    put("head.bias", 3);
  }

  void put(String name, long... shape) {
    tensors.put(name, Tensors.of(name, shape));
  }

  void norm(String name) {
    put(name + ".weight", WIDTH);
    put(name + ".bias", WIDTH);
  }

  static JsonObject json(String text) {
    return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), "m/config.json");
  }

  static String config(String architecture, String arguments, String more) {
    return """
        {"architecture":"%s",
         "model_args":{"img_size":8,"patch_size":4,"embed_dim":6,"depth":2,"num_heads":2%s}%s}"""
        .formatted(architecture, arguments, more);
  }

  VisionWeights read(String config) {
    JsonObject json = json(config);
    Family family = Family.of(json);
    VisionConfig read = family.config(json, tensors, note -> notes.add(note.toString()));
    return family.weights(json, read, Scope.root("m", tensors));
  }

  void refused(String config, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(config))
        .withMessageStartingWith("m")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }
}
