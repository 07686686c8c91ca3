package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.SelfAttention.BiasInterpolation;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.Arrays;

/**
 * BEiT's relative position bias (Bao et al. 2022, after Liu et al. 2021): a learned number per head
 * and per offset between two patches, added to the attention scores.
 *
 * <p>The table is {@code [R, H]} with {@code R = (2 Wh - 1) (2 Ww - 1) + 3} for a grid of Wh x Ww
 * patches: one row per offset, then three rows for class token to patch, patch to class token, and
 * class token to itself. For another grid the offsets' rows are interpolated.
 */
final class RelativePositions {
  private RelativePositions() {}

  /**
   * Adds a table's biases, gathered per head, query and key.
   *
   * @param table {@code [R, H]}
   * @param rule by which it is brought to another grid
   * @param trained patches down and across that the table is for
   * @param grid patches down and across
   * @param bias {@code [H, T, T]} with {@code T = Wh Ww + 1}; added to
   * @throws CheckpointException if the trained grid is not square: what transformers computes then
   *     is not what the table was trained as
   */
  static void addTo(
      float[] bias,
      TensorView table,
      BiasInterpolation rule,
      Extent trained,
      Extent grid,
      int heads) {
    if (trained.height() != trained.width()) {
      throw new CheckpointException(
          table.source(),
          "tensor '%s' is a relative position bias for %s patches, expected a square grid"
              .formatted(table.name(), trained));
    }
    float[] values = resized(table.toArray(), rule, offsets(trained), offsets(grid), heads);
    int tokens = grid.height() * grid.width() + 1;
    int position = 0;
    for (int head = 0; head < heads; head++) {
      for (int query = 0; query < tokens; query++) {
        for (int key = 0; key < tokens; key++) {
          bias[position++] += values[row(query, key, grid) * heads + head];
        }
      }
    }
  }

  /** Offsets between two patches, down and across. */
  private static Extent offsets(Extent grid) {
    return new Extent(2 * grid.height() - 1, 2 * grid.width() - 1);
  }

  private static float[] resized(
      float[] table, BiasInterpolation rule, Extent from, Extent to, int heads) {
    if (from.equals(to)) {
      return table;
    }
    GridInterpolation interpolation =
        switch (rule) {
          case BILINEAR -> GridInterpolation.bilinear();
          case GEOMETRIC -> GridInterpolation.geometric();
        };
    float[] offsets = interpolation.apply(table, 0, from, to, heads);
    int classRows = 3 * heads;
    float[] values = Arrays.copyOf(offsets, offsets.length + classRows);
    System.arraycopy(table, table.length - classRows, values, offsets.length, classRows);
    return values;
  }

  /** The table's row for a query and a key; token 0 is the class token. */
  static int row(int query, int key, Extent grid) {
    int width = grid.width();
    int span = 2 * width - 1;
    int offsets = (2 * grid.height() - 1) * span;
    if (query == 0) {
      return key == 0 ? offsets + 2 : offsets;
    }
    if (key == 0) {
      return offsets + 1;
    }
    int down = (query - 1) / width - (key - 1) / width + grid.height() - 1;
    int across = (query - 1) % width - (key - 1) % width + width - 1;
    return down * span + across;
  }
}
