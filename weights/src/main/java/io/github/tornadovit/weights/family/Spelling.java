package io.github.tornadovit.weights.family;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of an encoder's tensors, or of the layers that have a weight and a bias. Immutable.
 *
 * <p>Names of a block are relative to it, others to the encoder.
 */
final class Spelling {
  /** A part of an encoder. */
  enum Part {
    PATCH_EMBEDDING,
    CLASS_TOKEN,
    DISTILLATION_TOKEN,
    /** All of them in one tensor. */
    REGISTER_TOKENS,
    POSITIONS,
    NORM_BEFORE_BLOCKS,
    NORM_AFTER_BLOCKS,
    NORM_OF_POOLED,
    POOLER,
    /** Of the attention pooling head, as are those below. */
    POOLER_PROBE,
    POOLER_QUERY_KEY_VALUE,
    /** In place of the three in one, as is that below. */
    POOLER_QUERY,
    POOLER_KEY_VALUE,
    POOLER_ATTENTION_OUTPUT,
    POOLER_NORM,
    POOLER_MLP_UP,
    POOLER_MLP_DOWN,
    /** Relative position bias table of all blocks. */
    SHARED_BIAS,
    /** The blocks are below it, by number. */
    BLOCKS,
    /** Of a block, as are those below. */
    ATTENTION_NORM,
    QUERY,
    KEY,
    VALUE,
    /** The three in one, which a family has instead of them. */
    QUERY_KEY_VALUE,
    /** Of queries alone, where the three are one and keys have none. */
    QUERY_BIAS,
    /** Where keys have none: of files that have it all the same. */
    KEY_BIAS,
    VALUE_BIAS,
    /** Relative position bias table of a block. */
    BLOCK_BIAS,
    ATTENTION_OUTPUT,
    ATTENTION_SCALE,
    MLP_NORM,
    MLP_UP,
    MLP_DOWN,
    /** Of a gated MLP, beside {@link #MLP_UP}. */
    MLP_GATE,
    /** In place of both: the gate's rows, then those of what passes it. */
    MLP_GATE_AND_UP,
    /** In place of {@link #MLP_DOWN}, behind a gate. */
    MLP_GATED_DOWN,
    MLP_SCALE
  }

  private static final String TABLE = "relative_position_bias.relative_position_bias_table";

  /**
   * Of ViT, BEiT and DeiT in the files on the Hub, also written by {@code save_pretrained} of
   * transformers 5.
   */
  static final Spelling OF_FILES =
      new Spelling(Map.of())
          .with(Part.PATCH_EMBEDDING, "embeddings.patch_embeddings.projection")
          .with(Part.CLASS_TOKEN, "embeddings.cls_token")
          .with(Part.DISTILLATION_TOKEN, "embeddings.distillation_token")
          .with(Part.POSITIONS, "embeddings.position_embeddings")
          .with(Part.NORM_AFTER_BLOCKS, "layernorm")
          .with(Part.NORM_OF_POOLED, "pooler.layernorm")
          .with(Part.POOLER, "pooler.dense")
          .with(Part.SHARED_BIAS, "encoder." + TABLE)
          .with(Part.BLOCKS, "encoder.layer")
          .with(Part.ATTENTION_NORM, "layernorm_before")
          .with(Part.QUERY, "attention.attention.query")
          .with(Part.KEY, "attention.attention.key")
          .with(Part.VALUE, "attention.attention.value")
          .with(Part.BLOCK_BIAS, "attention.attention." + TABLE)
          .with(Part.ATTENTION_OUTPUT, "attention.output.dense")
          .with(Part.ATTENTION_SCALE, "lambda_1")
          .with(Part.MLP_NORM, "layernorm_after")
          .with(Part.MLP_UP, "intermediate.dense")
          .with(Part.MLP_DOWN, "output.dense")
          .with(Part.MLP_SCALE, "lambda_2");

  /** Of the modules of transformers 5 in memory, as {@code state_dict()} gives it. */
  static final Spelling OF_MODULES =
      OF_FILES
          .with(Part.SHARED_BIAS, "shared_position_bias.relative_position_bias_table")
          .with(Part.BLOCKS, "layers")
          .with(Part.QUERY, "attention.q_proj")
          .with(Part.KEY, "attention.k_proj")
          .with(Part.VALUE, "attention.v_proj")
          .with(Part.BLOCK_BIAS, TABLE)
          .with(Part.ATTENTION_OUTPUT, "attention.o_proj")
          .with(Part.MLP_UP, "mlp.fc1")
          .with(Part.MLP_DOWN, "mlp.fc2");

  /** Of CLIP and those whose towers were written after it. */
  static final Spelling OF_TOWERS =
      new Spelling(Map.of())
          .with(Part.PATCH_EMBEDDING, "embeddings.patch_embedding")
          .with(Part.CLASS_TOKEN, "embeddings.class_embedding")
          .with(Part.POSITIONS, "embeddings.position_embedding.weight")
          .with(Part.NORM_BEFORE_BLOCKS, "pre_layrnorm")
          .with(Part.BLOCKS, "encoder.layers")
          .with(Part.ATTENTION_NORM, "layer_norm1")
          .with(Part.QUERY, "self_attn.q_proj")
          .with(Part.KEY, "self_attn.k_proj")
          .with(Part.VALUE, "self_attn.v_proj")
          .with(Part.ATTENTION_OUTPUT, "self_attn.out_proj")
          .with(Part.MLP_NORM, "layer_norm2")
          .with(Part.MLP_UP, "mlp.fc1")
          .with(Part.MLP_DOWN, "mlp.fc2");

  private final Map<Part, String> names;

  private Spelling(Map<Part, String> names) {
    this.names = names;
  }

  /** This spelling with another name of a part. */
  Spelling with(Part part, String name) {
    Map<Part, String> changed = new EnumMap<>(Part.class);
    changed.putAll(names);
    changed.put(part, name);
    return new Spelling(changed);
  }

  /** This spelling without a name of a part. */
  Spelling without(Part part) {
    Map<Part, String> changed = new EnumMap<>(names);
    changed.remove(part);
    return new Spelling(changed);
  }

  /** Whether a tensor, by its name in the encoder, is one of the encoder's modules or in one. */
  boolean isOfEncoder(String tensor) {
    String module = first(tensor);
    return Stream.of(Part.values())
        .filter(part -> !isOfBlock(part) && has(part))
        .anyMatch(part -> first(of(part)).equals(module));
  }

  private static String first(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static boolean isOfBlock(Part part) {
    return part.compareTo(Part.BLOCKS) > 0;
  }

  /** The number of the block that a tensor, by its name in the encoder, is in; -1 if in none. */
  int block(String tensor) {
    Matcher number =
        Pattern.compile(Pattern.quote(of(Part.BLOCKS)) + "\\.(\\d{1,6})\\..*").matcher(tensor);
    return number.matches() ? Integer.parseInt(number.group(1)) : -1;
  }

  /** The part that a tensor, by its name in the encoder, is of; null if it is of none. */
  @Nullable Part part(String tensor) {
    int block = block(tensor);
    String name =
        block < 0 ? tensor : tensor.substring((of(Part.BLOCKS) + "." + block + ".").length());
    return Stream.of(Part.values())
        .filter(part -> part != Part.BLOCKS && isOfBlock(part) == (block >= 0) && has(part))
        .filter(part -> name.equals(of(part)) || name.startsWith(of(part) + "."))
        .findFirst()
        .orElse(null);
  }

  /** Whether the family has the part. */
  boolean has(Part part) {
    return names.containsKey(part);
  }

  /** The name of a part, which the family must have. */
  String of(Part part) {
    String name = names.get(part);
    if (name == null) {
      throw new IllegalStateException("no name of " + part);
    }
    return name;
  }
}
