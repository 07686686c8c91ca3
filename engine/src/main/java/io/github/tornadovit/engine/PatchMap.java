package io.github.tornadovit.engine;

import io.github.tornadovit.engine.image.HeatMap;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.Arrays;

/** A number per patch of an image, row by row: how much attention each patch gets. Immutable. */
public final class PatchMap {
  private final VisionConfig config;
  private final float[] values;

  private PatchMap(VisionConfig config, float[] values) {
    this.config = config;
    this.values = values;
  }

  /** The patches among a value per token. */
  static PatchMap ofTokens(VisionConfig config, double[] tokens) {
    float[] values = new float[config.patches()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tokens[config.prefixTokens() + i];
    }
    return new PatchMap(config, values);
  }

  /** Patches from top to bottom. */
  public int rows() {
    return config.grid().height();
  }

  /** Patches from left to right. */
  public int columns() {
    return config.grid().width();
  }

  /** A copy of the values, {@code [rows, columns]}; they are weights, not scaled to any range. */
  public float[] toArray() {
    return values.clone();
  }

  /**
   * A picture of the map over an image; see {@link HeatMap}.
   *
   * @param view the image as the model saw it, from {@link ImageProcessor#view}
   */
  public RgbImage over(RgbImage view) {
    int height = config.patchSize().height();
    int width = config.patchSize().width();
    return HeatMap.over(view, values, rows(), columns(), height, width);
  }

  @Override
  public String toString() {
    return config.grid() + " patches: " + Arrays.toString(values);
  }
}
