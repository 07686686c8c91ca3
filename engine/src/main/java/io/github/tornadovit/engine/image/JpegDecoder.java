package io.github.tornadovit.engine.image;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * JPEG: baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK.
 *
 * <p>The JDK's reader (libjpeg 6b: accurate integer DCT, triangular upsampling) gives samples
 * without colour conversion; colours follow libjpeg and Pillow: the colour space from the JFIF and
 * Adobe segments or the component ids, CMYK always taken as inverted. Profiles are ignored.
 */
final class JpegDecoder implements FormatDecoder {
  /** What the samples of a pixel mean. */
  private enum ColorSpace {
    GRAY,
    RGB,
    YCBCR,
    CMYK,
    YCCK
  }

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    JpegStream stream = JpegStream.parse(encoded, limit);
    Raster raster =
        Readers.withJdkReader(
            "jpeg",
            stream.essential(),
            new Extent(stream.height(), stream.width()),
            reader -> reader.readRaster(0, null));
    if (raster.getWidth() != stream.width()
        || raster.getHeight() != stream.height()
        || raster.getNumBands() != stream.components().size()) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    RgbImage image = convert(raster, stream);
    return new Decoded(image, stream.orientation());
  }

  /** As libjpeg's {@code default_decompress_parms}. */
  private static ColorSpace colorSpace(JpegStream stream) {
    return switch (stream.components().size()) {
      case 1 -> ColorSpace.GRAY;
      case 3 -> {
        boolean lettered =
            stream.components().get(0).id() == 'R'
                && stream.components().get(1).id() == 'G'
                && stream.components().get(2).id() == 'B';
        boolean rgb = stream.adobeTransform() >= 0 ? stream.adobeTransform() == 0 : lettered;
        yield rgb && !stream.jfif() ? ColorSpace.RGB : ColorSpace.YCBCR;
      }
      default -> stream.adobeTransform() <= 0 ? ColorSpace.CMYK : ColorSpace.YCCK;
    };
  }

  private static RgbImage convert(Raster raster, JpegStream stream) {
    ColorSpace space = colorSpace(stream);
    int width = stream.width();
    int height = stream.height();
    int bands = stream.components().size();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[Math.multiplyExact(width, bands)];
    VerticalUpsampling upsampling = VerticalUpsampling.of(stream, raster);
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      upsampling.refine(y, row);
      int target = y * width * 3;
      for (int from = 0; from < row.length; from += bands, target += 3) {
        pixel(space, row, from, rgb, target);
      }
    }
    return RgbImage.owning(width, height, rgb);
  }

  private static void pixel(ColorSpace space, int[] row, int from, byte[] rgb, int target) {
    switch (space) {
      case GRAY -> put(rgb, target, row[from], row[from], row[from]);
      case RGB -> put(rgb, target, row[from], row[from + 1], row[from + 2]);
      case YCBCR -> putYcbcr(rgb, target, row[from], row[from + 1] - 128, row[from + 2] - 128);
      case CMYK ->
          putInk(
              rgb,
              target,
              255 - row[from],
              255 - row[from + 1],
              255 - row[from + 2],
              row[from + 3]);
      case YCCK -> {
        putYcbcr(rgb, target, row[from], row[from + 1] - 128, row[from + 2] - 128);
        putInk(
            rgb,
            target,
            rgb[target] & 255,
            rgb[target + 1] & 255,
            rgb[target + 2] & 255,
            row[from + 3]);
      }
    }
  }

  private static void put(byte[] rgb, int target, int red, int green, int blue) {
    rgb[target] = (byte) red;
    rgb[target + 1] = (byte) green;
    rgb[target + 2] = (byte) blue;
  }

  /** libjpeg's conversion in 16-bit fixed point; {@code cb} and {@code cr} are centred at 0. */
  private static void putYcbcr(byte[] rgb, int target, int y, int cb, int cr) {
    int red = y + ((91881 * cr + 32768) >> 16);
    int green = y + ((-22554 * cb - 46802 * cr + 32768) >> 16);
    int blue = y + ((116130 * cb + 32768) >> 16);
    put(rgb, target, Math.clamp(red, 0, 255), Math.clamp(green, 0, 255), Math.clamp(blue, 0, 255));
  }

  private static void putInk(byte[] rgb, int target, int cyan, int magenta, int yellow, int white) {
    put(
        rgb,
        target,
        Rasters.inkOnPaper(cyan, white),
        Rasters.inkOnPaper(magenta, white),
        Rasters.inkOnPaper(yellow, white));
  }
}
