package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.Positions.Interpolation;
import io.github.tornadovit.weights.config.VisionConfig;

/** Position embeddings, for the size that they were trained at or another one. */
final class PositionRows {
  private PositionRows() {}

  /**
   * A row for every token: the table's for prefix tokens that it has rows for, zeros for the
   * others; for patches the table's where they are on the grid that it was trained at, else
   * interpolated by the rule, as transformers' {@code interpolate_pos_encoding} does.
   *
   * @param table {@code [1, rows, D]}
   * @param trained what the table was checked against
   * @param config of the image size wanted
   * @return {@code [T, D]}
   * @throws CheckpointException if the grid differs and the trained one is not square: transformers
   *     takes every table for a square one
   */
  static Weight of(
      TensorView table, Interpolation rule, VisionConfig trained, VisionConfig config) {
    Embeddings embeddings = config.encoder().embeddings();
    int prefix = config.prefixTokens();
    boolean trainedGrid = config.grid().equals(trained.grid());
    if (trainedGrid && embeddings.positionedPrefix() == prefix) {
      return Weight.of(table, config.tokens(), config.hiddenSize());
    }
    int width = config.hiddenSize();
    float[] values = table.toArray();
    float[] rows = new float[Math.multiplyExact(config.tokens(), width)];
    int from = 0;
    for (int i = 0; i < prefix; i++) {
      if (embeddings.prefix().get(i).positioned()) {
        System.arraycopy(values, from, rows, i * width, width);
        from += width;
      }
    }
    if (trainedGrid) {
      System.arraycopy(values, from, rows, prefix * width, values.length - from);
    } else {
      float[] patches = interpolated(table, values, from, rule, trained, config);
      System.arraycopy(patches, 0, rows, prefix * width, patches.length);
    }
    return Weight.of(table.name(), config.tokens(), width, rows);
  }

  private static float[] interpolated(
      TensorView table,
      float[] values,
      int from,
      Interpolation rule,
      VisionConfig trained,
      VisionConfig config) {
    if (trained.grid().height() != trained.grid().width()) {
      throw new CheckpointException(
          table.source(),
          "tensor '%s' has positions of %s patches, expected a square grid to interpolate from; leave the image size at %s"
              .formatted(table.name(), trained.grid(), trained.imageSize()));
    }
    GridInterpolation interpolation =
        switch (rule) {
          case BICUBIC -> GridInterpolation.bicubic();
          case ANTIALIASED_BICUBIC -> GridInterpolation.antialiasedBicubic();
          case BILINEAR -> GridInterpolation.bilinear();
        };
    return interpolation.apply(values, from, trained.grid(), config.grid(), config.hiddenSize());
  }
}
