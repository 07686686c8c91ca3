package io.github.tornadovit.engine.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * From the samples that a reader found to RGB by Pillow's rules for {@code convert("RGB")}: gray is
 * repeated, alpha and colour profiles are ignored, 16-bit colour keeps its high byte, 16-bit gray
 * is clipped at 255. AWT's own conversions (getRGB) differ in each of these.
 */
public final class Rasters {
  private Rasters() {}

  /** Converts an image of gray, gray and alpha, RGB, RGBA or palette samples of 1 to 16 bits. */
  public static Picture toRgb(BufferedImage image) throws MalformedImageException {
    return image.getColorModel() instanceof IndexColorModel palette
        ? ofPalette(image.getRaster(), palette)
        : ofSamples(image.getRaster());
  }

  /**
   * Converts samples: one or two bands are gray, three or more are RGB first. Samples of less than
   * 8 bits are scaled by 255 / maximum, rounded down.
   */
  public static Picture ofSamples(Raster raster) throws MalformedImageException {
    int bits = raster.getSampleModel().getSampleSize(0);
    int type = raster.getDataBuffer().getDataType();
    int bands = raster.getNumBands();
    if (bands > 1 && (bits > 16 || type == DataBuffer.TYPE_SHORT)) {
      throw new MalformedImageException(
          "has signed samples or samples of " + bits + " bits, expected at most 16, unsigned");
    }
    if (bands == 1 && (bits > 8 || type == DataBuffer.TYPE_SHORT)) {
      return ofDeepGray(raster);
    }
    int[] source = new int[3];
    int[] maximum = new int[3];
    for (int c = 0; c < 3; c++) {
      source[c] = bands < 3 ? 0 : c;
      maximum[c] = (1 << raster.getSampleModel().getSampleSize(source[c])) - 1;
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[Math.multiplyExact(width, bands)];
    int target = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        for (int c = 0; c < 3; c++) {
          rgb[target++] = (byte) level(row[from + source[c]], maximum[c]);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  private static int level(int sample, int maximum) {
    if (maximum == 255) {
      return sample;
    }
    return maximum < 255 ? sample * 255 / maximum : sample >> 8;
  }

  /** Gray of more than 8 bits, whole numbers or floats: clipped, not scaled. */
  private static Picture ofDeepGray(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width];
    int target = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int sample : row) {
        byte level = (byte) Math.clamp(sample, 0, 255);
        rgb[target++] = level;
        rgb[target++] = level;
        rgb[target++] = level;
      }
    }
    return new Picture(width, height, rgb);
  }

  /**
   * A channel of Pillow's CMYK to RGB: {@code white - ink * white / 255}, the quotient rounded.
   *
   * @param white 255 less black
   */
  static int inkOnPaper(int ink, int white) {
    int product = ink * white + 128;
    return Math.clamp(white - (((product >> 8) + product) >> 8), 0, 255);
  }

  /** Looks samples up in a palette; its alpha is ignored, and beyond its end all is black. */
  static Picture ofPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] colors = new int[1 << raster.getSampleModel().getSampleSize(0)];
    for (int i = 0; i < Math.min(colors.length, palette.getMapSize()); i++) {
      colors[i] = palette.getRGB(i);
    }
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width];
    int target = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int index : row) {
        rgb[target++] = (byte) (colors[index] >> 16);
        rgb[target++] = (byte) (colors[index] >> 8);
        rgb[target++] = (byte) colors[index];
      }
    }
    return new Picture(width, height, rgb);
  }
}
