package io.github.tornadovit.testing;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A checkpoint folder of one block: hidden size 4, two heads, MLP size 6, images of 8 x 8 with one
 * channel in patches of 4 x 4, three labels. Tensors can be changed before it is written.
 */
public final class TinyCheckpoint {
  private final Map<String, Shape> tensors = new LinkedHashMap<>();
  private final Map<String, DType> types = new LinkedHashMap<>();
  private final Map<String, String> config = new LinkedHashMap<>();
  private String preprocessor = "{}";

  private TinyCheckpoint(String family, String classifier, int tokens) {
    String name = family + ".";
    config.put("model_type", '"' + family + '"');
    config.put("architectures", "[\"" + classifier + "\"]");
    config.put("hidden_size", "4");
    config.put("num_hidden_layers", "1");
    config.put("num_attention_heads", "2");
    config.put("intermediate_size", "6");
    config.put("image_size", "8");
    config.put("patch_size", "4");
    config.put("num_channels", "1");
    config.put("id2label", "{\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}");
    with(name + "embeddings.cls_token", 1, 1, 4);
    if (tokens > 0) {
      with(name + "embeddings.position_embeddings", 1, tokens, 4);
    }
    with(name + "embeddings.patch_embeddings.projection.weight", 4, 1, 4, 4);
    with(name + "embeddings.patch_embeddings.projection.bias", 4);
    String block = name + "encoder.layer.0.";
    norm(block + "layernorm_before").norm(block + "layernorm_after");
    for (String part : new String[] {"query", "key", "value"}) {
      dense(block + "attention.attention." + part, 4, 4);
    }
    dense(block + "attention.output.dense", 4, 4);
    dense(block + "intermediate.dense", 6, 4);
    dense(block + "output.dense", 4, 6);
    dense("classifier", 3, 4);
  }

  /** A ViT classifier. */
  public static TinyCheckpoint vit() {
    return new TinyCheckpoint("vit", "ViTForImageClassification", 5).norm("vit.layernorm");
  }

  /** A DeiT classifier. */
  public static TinyCheckpoint deit() {
    return new TinyCheckpoint("deit", "DeiTForImageClassification", 6)
        .norm("deit.layernorm")
        .with("deit.embeddings.distillation_token", 1, 1, 4);
  }

  /** A BEiT classifier with a bias table per block, layer scale and mean pooling. */
  public static TinyCheckpoint beit() {
    String block = "beit.encoder.layer.0.";
    return new TinyCheckpoint("beit", "BeitForImageClassification", 0)
        .config("use_relative_position_bias", "true")
        .without(block + "attention.attention.key.bias")
        .with(
            block + "attention.attention.relative_position_bias.relative_position_bias_table",
            12,
            2)
        .with(block + "lambda_1", 4)
        .with(block + "lambda_2", 4)
        .norm("beit.pooler.layernorm");
  }

  /** A DINOv2 classifier with two registers. */
  public static TinyCheckpoint dinov2() {
    String name = "dinov2_with_registers.";
    String block = name + "encoder.layer.0.";
    return new TinyCheckpoint(
            "dinov2_with_registers", "Dinov2WithRegistersForImageClassification", 5)
        .config("intermediate_size", "")
        .config("mlp_ratio", "1.5")
        .config("num_register_tokens", "2")
        .renamed("layernorm_before", "norm1")
        .renamed("layernorm_after", "norm2")
        .renamed("intermediate.dense", "mlp.fc1")
        .renamed("0.output.dense", "0.mlp.fc2")
        .with(name + "embeddings.register_tokens", 1, 2, 4)
        .with(name + "embeddings.mask_token", 1, 4)
        .with(block + "layer_scale1.lambda1", 4)
        .with(block + "layer_scale2.lambda1", 4)
        .norm(name + "layernorm")
        .with("classifier.weight", 3, 8)
        .preprocessor("{\"do_normalize\": false}");
  }

  /** A DINOv3 with two registers and one head; transformers has no classifier of it. */
  public static TinyCheckpoint dinov3() {
    String block = "layer.0.";
    return new TinyCheckpoint("dinov3_vit", "DINOv3ViTModel", 0)
        .config("num_attention_heads", "1")
        .config("num_register_tokens", "2")
        .config("id2label", "")
        .withoutBelow("classifier.")
        .renamed("dinov3_vit.", "")
        .renamed("patch_embeddings.projection", "patch_embeddings")
        .renamed("encoder.layer.", "layer.")
        .renamed("layernorm_before", "norm1")
        .renamed("layernorm_after", "norm2")
        .renamed("attention.attention.query", "attention.q_proj")
        .renamed("attention.attention.key", "attention.k_proj")
        .renamed("attention.attention.value", "attention.v_proj")
        .renamed("attention.output.dense", "attention.o_proj")
        .renamed("intermediate.dense", "mlp.up_proj")
        .renamed("0.output.dense", "0.mlp.down_proj")
        .without(block + "attention.k_proj.bias")
        .with("embeddings.register_tokens", 1, 2, 4)
        .with("embeddings.mask_token", 1, 1, 4)
        .with(block + "layer_scale1.lambda1", 4)
        .with(block + "layer_scale2.lambda1", 4)
        .norm("norm")
        .preprocessor("{\"do_normalize\": false}");
  }

  /** Adds or replaces a tensor. */
  public TinyCheckpoint with(String name, long... extents) {
    tensors.put(name, Shape.of(extents));
    return this;
  }

  /** Adds a layer norm of the hidden size. */
  public TinyCheckpoint norm(String name) {
    return with(name + ".weight", 4).with(name + ".bias", 4);
  }

  /** Adds a linear layer. */
  public TinyCheckpoint dense(String name, int out, int in) {
    return with(name + ".weight", out, in).with(name + ".bias", out);
  }

  /** Leaves out a tensor. */
  public TinyCheckpoint without(String name) {
    if (tensors.remove(name) == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return this;
  }

  /** Leaves out the tensors whose names begin so. */
  public TinyCheckpoint withoutBelow(String prefix) {
    tensors.keySet().removeIf(name -> name.startsWith(prefix));
    return this;
  }

  /** Replaces a part of all names. */
  public TinyCheckpoint renamed(String part, String by) {
    Map<String, Shape> renamed = new LinkedHashMap<>();
    tensors.forEach((name, shape) -> renamed.put(name.replace(part, by), shape));
    tensors.clear();
    tensors.putAll(renamed);
    return this;
  }

  /** Sets the type of a tensor, F32 otherwise. */
  public TinyCheckpoint type(String name, DType type) {
    types.put(name, type);
    return this;
  }

  /** Sets a key of the config to a JSON value, or removes it with an empty one. */
  public TinyCheckpoint config(String key, String json) {
    if (json.isEmpty()) {
      config.remove(key);
    } else {
      config.put(key, json);
    }
    return this;
  }

  /** Sets the content of the preprocessor's file. */
  public TinyCheckpoint preprocessor(String json) {
    preprocessor = json;
    return this;
  }

  /** Puts something before all names. */
  public TinyCheckpoint prefixed(String prefix) {
    Map<String, Shape> renamed = new LinkedHashMap<>();
    tensors.forEach((name, shape) -> renamed.put(prefix + name, shape));
    tensors.clear();
    tensors.putAll(renamed);
    return this;
  }

  /** The weights as a safetensors file. */
  public byte[] safetensors() {
    SafetensorsBytes file = new SafetensorsBytes();
    tensors.forEach(
        (name, shape) -> {
          DType type = types.getOrDefault(name, DType.F32);
          byte[] data = new byte[Math.toIntExact(shape.elements() * type.bytes())];
          file.add(name, type, shape, data);
        });
    return file.build();
  }

  /** Writes the folder. */
  public Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      StringBuilder json = new StringBuilder("{");
      config.forEach(
          (key, value) ->
              json.append(json.length() > 1 ? ", " : "").append('"' + key + "\": ").append(value));
      Files.writeString(folder.resolve("config.json"), json.append('}'));
      Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor);
      Files.write(folder.resolve("model.safetensors"), safetensors());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
