package io.github.tornadovit.engine.forward;

import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;

/** The angles by which queries and keys of patches turn, for any grid of patches. */
final class Rotations {
  private static final float TURN = (float) (2 * Math.PI);

  private Rotations() {}

  /**
   * Cosines and sines of a head, as transformers computes them for DINOv3, each step in float32:
   * with the patch's centre at y and x from -1 to 1, angle i is {@code 2 pi y theta^(-4 i / d)} for
   * {@code i < d/4}, and the other d/4 angles are the same of x.
   *
   * @param theta {@code rope_theta}
   * @param config of the image size wanted; d, the width of a head, is a multiple of 4
   * @return {@code [P, d]}: of each patch, d/2 cosines, then the d/2 sines
   */
  static Weight of(float theta, VisionConfig config) {
    int width = config.encoder().attention().headSize();
    int angles = width / 4;
    Extent grid = config.grid();
    float[] frequencies = new float[angles];
    for (int i = 0; i < angles; i++) {
      frequencies[i] = 1 / (float) Math.pow(theta, (float) (i * (4.0 / width)));
    }
    float[] rows = new float[Math.multiplyExact(config.patches(), width)];
    for (int patch = 0; patch < config.patches(); patch++) {
      float y = TURN * centre(patch / grid.width(), grid.height());
      float x = TURN * centre(patch % grid.width(), grid.width());
      int at = patch * width;
      for (int i = 0; i < angles; i++) {
        turn(rows, at + i, width / 2, y * frequencies[i]);
        turn(rows, at + angles + i, width / 2, x * frequencies[i]);
      }
    }
    return Weight.of("rotations", config.patches(), width, rows);
  }

  private static void turn(float[] rows, int at, int half, float angle) {
    rows[at] = (float) Math.cos(angle);
    rows[at + half] = (float) Math.sin(angle);
  }

  /** From -1 to 1. */
  private static float centre(int patch, int patches) {
    return 2 * ((patch + 0.5f) / patches) - 1;
  }
}
