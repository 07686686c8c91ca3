package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as it is compiled: TornadoVM burns its scalar arguments in, so that other widths,
 * another epilogue or another tile make another kernel. All that it depends on is named, but for
 * the number of rows.
 *
 * @param name of the operation and its widths
 * @param tile what the number of rows decides; empty where it decides nothing
 */
record KernelForm(String name, String tile) {

  /**
   * The form of an operation's kernel for so many rows, the images' together.
   *
   * @param halves values that lie as float16
   */
  static KernelForm of(Operation operation, int rows, Tiling tiling, Set<Buffer> halves) {
    Tile tile = tile(operation, rows, tiling, halves);
    String to = halves.contains(operation.output()) ? ", to f16" : "";
    return new KernelForm(name(operation) + to, tile == null ? "" : tile.form(rows));
  }

  /** The tile of an operation's product; null if it has none. */
  static @Nullable Tile tile(Operation operation, int rows, Tiling tiling, Set<Buffer> halves) {
    return DeviceProgram.kernel(operation, halves).tile(rows, tiling);
  }

  private static String name(Operation operation) {
    return switch (operation) {
      case PatchEmbedding op ->
          "patch embedding of %d x %d x %d to %d"
              .formatted(op.channels(), op.patchHeight(), op.patchWidth(), op.output().columns());
      case EmbedTokens op ->
          "%d prefix tokens%s of %d"
              .formatted(
                  op.prefixTokens(),
                  op.positions() == null ? "" : " and positions",
                  op.output().columns());
      case LayerNorm op -> "layer norm of %d, eps %s".formatted(op.input().columns(), op.eps());
      case Gate op -> "gate of %d, %s".formatted(op.output().columns(), op.activation());
      case Linear op ->
          "linear of %d to %d%s, %s"
              .formatted(
                  op.weight().columns(),
                  op.weight().rows(),
                  op.matrix().precision() == Precision.F32
                      ? ""
                      : " in " + op.matrix().precision().label(),
                  switch (op.epilogue()) {
                    case Epilogue.Activate(var activation) -> activation.toString();
                    case Epilogue.Residual _ -> "residual";
                  });
      case RotaryPositions op ->
          "rotary positions of %d heads of %d behind %d"
              .formatted(op.heads(), op.headSize(), op.prefixTokens());
      case Attention op ->
          "attention of %d heads of %d, scale %s%s"
              .formatted(
                  op.heads(), op.headSize(), op.scale(), op.bias() == null ? "" : ", with bias");
      case AttentionWeights op ->
          "attention weights of %d heads of %d, scale %s%s%s"
              .formatted(
                  op.heads(),
                  op.headSize(),
                  op.scale(),
                  op.bias() == null ? "" : ", with bias",
                  op.maps() == op.heads() ? "" : ", mean of heads");
      case SelectTokens op -> "tokens of %d from %d".formatted(op.input().columns(), op.first());
      case MeanTokens op ->
          "mean of tokens of %d from %d behind %d"
              .formatted(op.input().columns(), op.first(), op.kept());
      case Average op -> "average of %d".formatted(op.output().columns());
    };
  }

  @Override
  public String toString() {
    return tile.isEmpty() ? name : name + ", " + tile;
  }
}
