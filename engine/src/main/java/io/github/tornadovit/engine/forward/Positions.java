package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.VisionConfig;

/** Position embeddings, for the size that they were trained at or another one. */
final class Positions {
  private Positions() {}

  /**
   * The table for a model's grid of patches: as stored for the grid that it was trained at, else
   * the patches' rows interpolated by {@link GridInterpolation#bicubic}, as transformers' {@code
   * interpolate_pos_encoding}; the rows of class and distillation token stay.
   *
   * @param table {@code [1, trained tokens, D]}
   * @param trained what the table was checked against
   * @param config of the image size wanted
   * @return {@code [T, D]}
   * @throws CheckpointException if the grid differs and the trained one is not square: transformers
   *     takes every table for a square one
   */
  static Weight of(TensorView table, VisionConfig trained, VisionConfig config) {
    if (config.grid().equals(trained.grid())) {
      return Weight.of(table, config.tokens(), config.hiddenSize());
    }
    if (trained.grid().height() != trained.grid().width()) {
      throw new CheckpointException(
          table.source(),
          "tensor '%s' has positions of %s patches, expected a square grid to interpolate from; leave the image size at %s"
              .formatted(table.name(), trained.grid(), trained.imageSize()));
    }
    int width = config.hiddenSize();
    int prefix = config.prefixTokens() * width;
    float[] values = table.toArray();
    float[] patches =
        GridInterpolation.bicubic().apply(values, prefix, trained.grid(), config.grid(), width);
    float[] positions = new float[Math.multiplyExact(config.tokens(), width)];
    System.arraycopy(values, 0, positions, 0, prefix);
    System.arraycopy(patches, 0, positions, prefix, patches.length);
    return Weight.of(table.name(), config.tokens(), width, positions);
  }
}
