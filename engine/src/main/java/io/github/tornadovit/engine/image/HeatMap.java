package io.github.tornadovit.engine.image;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;

/**
 * A number per patch, drawn over an image: the image in gray, the map in the colours of {@link
 * Inferno}, from black for the least value of the map to pale yellow for its greatest, bilinear
 * between the middles of patches. Small images are enlarged to about 448 pixels.
 */
public final class HeatMap {
  private static final int SIDE = 448;

  /** How much of a pixel is the map where it is least and greatest; the rest is the image. */
  private static final double LEAST_OPACITY = 0.35;

  private static final double GREATEST_OPACITY = 0.8;

  private HeatMap() {}

  /**
   * Draws.
   *
   * @param image as the model saw it
   * @param values {@code [rows, columns]}
   * @param patchHeight pixels of the image per row of the map; pixels below the last row have none
   * @param patchWidth pixels of the image per column of the map
   * @return the image's size, times a whole number
   */
  public static RgbImage over(
      RgbImage image, float[] values, int rows, int columns, int patchHeight, int patchWidth) {
    int zoom = Math.max(1, SIDE / Math.max(image.width(), image.height()));
    int width = image.width() * zoom;
    int height = image.height() * zoom;
    byte[] pixels = new PillowResize(Resampling.BICUBIC).resize(image, width, height).toByteArray();
    float[] shades = scaled(values);
    for (int y = 0; y < height; y++) {
      double row = (y + 0.5) / (zoom * patchHeight) - 0.5;
      for (int x = 0; x < width; x++) {
        double column = (x + 0.5) / (zoom * patchWidth) - 0.5;
        boolean seen = row <= rows - 0.5 && column <= columns - 0.5;
        double value = bilinear(shades, rows, columns, row, column);
        double opacity = seen ? mix(LEAST_OPACITY, GREATEST_OPACITY, value) : 0;
        paint(pixels, (y * width + x) * 3, value, opacity);
      }
    }
    return RgbImage.owning(width, height, pixels);
  }

  /** To 0 for the least and 1 for the greatest; all 0 if they are equal. */
  private static float[] scaled(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = greatest > least ? (values[i] - least) / (greatest - least) : 0;
    }
    return scaled;
  }

  private static double bilinear(float[] values, int rows, int columns, double row, double column) {
    double y = Math.clamp(row, 0, rows - 1);
    double x = Math.clamp(column, 0, columns - 1);
    int top = Math.min((int) y, Math.max(rows - 2, 0));
    int left = Math.min((int) x, Math.max(columns - 2, 0));
    int bottom = Math.min(top + 1, rows - 1);
    int right = Math.min(left + 1, columns - 1);
    double above = mix(values[top * columns + left], values[top * columns + right], x - left);
    double below = mix(values[bottom * columns + left], values[bottom * columns + right], x - left);
    return mix(above, below, y - top);
  }

  private static double mix(double from, double to, double weight) {
    return from + weight * (to - from);
  }

  private static void paint(byte[] rgb, int at, double value, double opacity) {
    double gray =
        0.299 * (rgb[at] & 0xFF) + 0.587 * (rgb[at + 1] & 0xFF) + 0.114 * (rgb[at + 2] & 0xFF);
    for (int channel = 0; channel < 3; channel++) {
      rgb[at + channel] = (byte) Math.round(mix(gray, Inferno.channel(value, channel), opacity));
    }
  }

  /**
   * Writes an image as PNG.
   *
   * @throws IOException if the target cannot be written
   */
  public static void writePng(RgbImage image, OutputStream target) throws IOException {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = image.pixels();
    for (int i = 0; i < image.width() * image.height(); i++) {
      int color =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
      buffered.setRGB(i % image.width(), i / image.width(), color);
    }
    if (!ImageIO.write(buffered, "png", target)) {
      throw new IOException("this JDK has no PNG writer");
    }
  }
}
