package io.github.tornadovit.engine.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * From the samples that a reader found to RGB by Pillow's rules for {@code convert("RGB")}: gray is
 * repeated, alpha and colour profiles are ignored, 16-bit colour keeps its high byte, 16-bit gray
 * is clipped at 255. AWT's own conversions (getRGB) differ in each of these.
 */
final class Rasters {
  private Rasters() {}

  /** Converts an image of gray, gray and alpha, RGB, RGBA or palette samples of 1 to 16 bits. */
  static RgbImage toRgb(BufferedImage image) throws MalformedImageException {
    return image.getColorModel() instanceof IndexColorModel palette
        ? ofPalette(image.getRaster(), palette)
        : ofSamples(image.getRaster());
  }

  /**
   * Converts samples: one or two bands are gray, three or more are RGB first. Samples of less than
   * 8 bits are scaled by 255 / maximum, rounded down.
   */
  static RgbImage ofSamples(Raster raster) throws MalformedImageException {
    int bits = raster.getSampleModel().getSampleSize(0);
    int type = raster.getDataBuffer().getDataType();
    if (bits > 16 || type == DataBuffer.TYPE_SHORT) {
      throw new MalformedImageException(
          "has samples of " + bits + " bits, expected at most 16, unsigned");
    }
    int bands = raster.getNumBands();
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
          rgb[target++] = (byte) level(row[from + source[c]], maximum[c], bands);
        }
      }
    }
    return RgbImage.owning(width, height, rgb);
  }

  private static int level(int sample, int maximum, int bands) {
    if (maximum == 255) {
      return sample;
    }
    if (maximum < 255) {
      return sample * 255 / maximum;
    }
    return bands == 1 ? Math.min(sample, 255) : sample >> 8;
  }

  /** Looks samples up in a palette; its alpha is ignored, and beyond its end all is black. */
  static RgbImage ofPalette(Raster raster, IndexColorModel palette) {
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
    return RgbImage.owning(width, height, rgb);
  }
}
