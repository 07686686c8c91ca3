package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks of an encoder, whose layers a file may hold apart or several in one. */
final class BlockReader {
  private final EncoderParts parts;
  private final PartReader reader;

  BlockReader(EncoderParts parts, PartReader reader) {
    this.parts = parts;
    this.reader = reader;
  }

  /**
   * A block.
   *
   * @param block where its tensors are
   */
  Block read(Scope block) {
    int d = parts.hiddenSize();
    SelfAttention attention = parts.attention();
    int inner = attention.width();
    String heads = reader.heads(attention.heads() + " of " + attention.headSize());
    Norm attentionNorm = reader.norm(block, Part.ATTENTION_NORM);
    List<Dense> queryKeyValue =
        reader.has(Part.QUERY_KEY_VALUE)
            ? fused(block, heads)
            : List.of(
                reader.dense(block, Part.QUERY, inner, d, attention.queryBias(), heads),
                reader.dense(block, Part.KEY, inner, d, attention.keyBias(), heads),
                reader.dense(block, Part.VALUE, inner, d, attention.valueBias(), heads));
    return new Block(
        attentionNorm,
        queryKeyValue.get(0),
        queryKeyValue.get(1),
        queryKeyValue.get(2),
        reader.table(block, BiasTable.PER_BLOCK),
        reader.dense(block, Part.ATTENTION_OUTPUT, d, inner, attention.outputBias(), heads),
        layerScale(block, Part.ATTENTION_SCALE),
        reader.norm(block, Part.MLP_NORM),
        mlpGate(block),
        mlpUp(block),
        mlpDown(block),
        layerScale(block, Part.MLP_SCALE));
  }

  /** Queries, keys and values that are one layer in the file. */
  private List<Dense> fused(Scope block, String why) {
    SelfAttention attention = parts.attention();
    int inner = attention.width();
    boolean whole = attention.keyBias();
    Dense layer =
        reader.dense(block, Part.QUERY_KEY_VALUE, 3 * inner, parts.hiddenSize(), whole, why);
    List<Dense> three = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      TensorView bias = layer.bias();
      three.add(
          new Dense(
              layer.weight().rows((long) part * inner, inner),
              bias == null ? null : bias.rows((long) part * inner, inner)));
    }
    if (!whole && attention.queryBias()) {
      TensorView query = reader.bias(block, Part.QUERY_BIAS, inner, why);
      TensorView value = reader.bias(block, Part.VALUE_BIAS, inner, why);
      three.set(0, new Dense(three.get(0).weight(), query));
      three.set(2, new Dense(three.get(2).weight(), value));
    }
    return three;
  }

  private @Nullable Dense mlpGate(Scope block) {
    return switch (parts.mlp()) {
      case Mlp.Plain _ -> null;
      case Mlp.Gated _ ->
          reader.has(Part.MLP_GATE) ? mlpUp(block, Part.MLP_GATE) : gateAndUp(block, 0);
    };
  }

  private Dense mlpUp(Scope block) {
    return switch (parts.mlp()) {
      case Mlp.Plain _ -> mlpUp(block, Part.MLP_UP);
      case Mlp.Gated _ ->
          reader.has(Part.MLP_GATE) ? mlpUp(block, Part.MLP_UP) : gateAndUp(block, 1);
    };
  }

  private Dense mlpUp(Scope block, Part part) {
    Mlp mlp = parts.mlp();
    return reader.dense(block, part, mlp.size(), parts.hiddenSize(), mlp.bias(), reader.mlp());
  }

  /** A half of what is one layer in the file. */
  private Dense gateAndUp(Scope block, int half) {
    Mlp mlp = parts.mlp();
    int f = mlp.size();
    Dense layer =
        reader.dense(
            block, Part.MLP_GATE_AND_UP, 2 * f, parts.hiddenSize(), mlp.bias(), reader.mlp());
    TensorView bias = layer.bias();
    return new Dense(
        layer.weight().rows((long) half * f, f),
        bias == null ? null : bias.rows((long) half * f, f));
  }

  private Dense mlpDown(Scope block) {
    Mlp mlp = parts.mlp();
    Part part =
        switch (mlp) {
          case Mlp.Plain _ -> Part.MLP_DOWN;
          case Mlp.Gated _ -> Part.MLP_GATED_DOWN;
        };
    return reader.dense(block, part, parts.hiddenSize(), mlp.size(), mlp.bias(), reader.mlp());
  }

  private @Nullable TensorView layerScale(Scope block, Part part) {
    return parts.layerScale() ? reader.vector(block, part) : null;
  }
}
