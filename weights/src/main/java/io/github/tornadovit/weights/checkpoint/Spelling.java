package io.github.tornadovit.weights.checkpoint;

/**
 * The two ways in which transformers spells the names of an encoder's parts.
 *
 * @param layers where the blocks are, by number
 * @param query and so on: parts of a block
 * @param blockBias relative position bias table of a block
 * @param sharedBias relative position bias table of all blocks, relative to the encoder
 */
record Spelling(
    String layers,
    String query,
    String key,
    String value,
    String attentionOutput,
    String mlpUp,
    String mlpDown,
    String blockBias,
    String sharedBias) {

  private static final String TABLE = "relative_position_bias.relative_position_bias_table";

  /** That of the files on the Hub, also written by {@code save_pretrained} of transformers 5. */
  static final Spelling OF_FILES =
      new Spelling(
          "encoder.layer",
          "attention.attention.query",
          "attention.attention.key",
          "attention.attention.value",
          "attention.output.dense",
          "intermediate.dense",
          "output.dense",
          "attention.attention." + TABLE,
          "encoder." + TABLE);

  /** That of the modules of transformers 5 in memory, as {@code state_dict()} gives it. */
  static final Spelling OF_MODULES =
      new Spelling(
          "layers",
          "attention.q_proj",
          "attention.k_proj",
          "attention.v_proj",
          "attention.o_proj",
          "mlp.fc1",
          "mlp.fc2",
          TABLE,
          "shared_position_bias.relative_position_bias_table");
}
