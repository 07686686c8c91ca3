package io.github.tornadovit.engine.image;

import java.awt.image.Raster;

/**
 * Redoes the upsampling of JPEG components that have half the rows but all columns (4:4:0, what a
 * lossless rotation makes of 4:2:2). libjpeg 6b in the JDK repeats their rows; libjpeg-turbo in
 * Pillow interpolates them: {@code (3 * nearer + further + bias) >> 2}, bias 1 for the upper of two
 * rows and 2 for the lower one. Repeating loses nothing, so the result is exact.
 */
final class VerticalUpsampling {
  private final Raster raster;
  private final boolean[] halved;
  private final boolean any;
  private final int[] near;
  private final int[] far;

  private VerticalUpsampling(Raster raster, boolean[] halved, boolean any) {
    this.raster = raster;
    this.halved = halved;
    this.any = any;
    this.near = new int[any ? raster.getWidth() : 0];
    this.far = new int[any ? raster.getWidth() : 0];
  }

  static VerticalUpsampling of(JpegStream stream, Raster raster) {
    int maxHorizontal = 0;
    int maxVertical = 0;
    for (JpegStream.Component component : stream.components()) {
      maxHorizontal = Math.max(maxHorizontal, component.horizontal());
      maxVertical = Math.max(maxVertical, component.vertical());
    }
    boolean[] halved = new boolean[stream.components().size()];
    boolean any = false;
    for (int c = 0; c < halved.length; c++) {
      JpegStream.Component component = stream.components().get(c);
      halved[c] =
          component.horizontal() == maxHorizontal && component.vertical() * 2 == maxVertical;
      any |= halved[c];
    }
    return new VerticalUpsampling(raster, halved, any);
  }

  /** Replaces the samples of the components concerned in row {@code y}, interleaved. */
  void refine(int y, int[] row) {
    if (!any) {
      return;
    }
    int lastSource = (raster.getHeight() - 1) / 2;
    int source = y / 2;
    boolean upper = y % 2 == 0;
    int other = Math.clamp(upper ? source - 1 : source + 1, 0, lastSource);
    for (int c = 0; c < halved.length; c++) {
      if (halved[c]) {
        raster.getSamples(0, source * 2, near.length, 1, c, near);
        raster.getSamples(0, other * 2, far.length, 1, c, far);
        for (int x = 0; x < near.length; x++) {
          row[x * halved.length + c] = (3 * near[x] + far[x] + (upper ? 1 : 2)) >> 2;
        }
      }
    }
  }
}
