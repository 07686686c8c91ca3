package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;

/**
 * The first page of a TIFF, by TwelveMonkeys' reader: bilevel, gray, palette, RGB and CMYK, of 1 to
 * 16 bits, gray also of 32 bits; where Pillow treats samples otherwise than that reader, as Pillow.
 */
public final class TiffDecoder implements PictureDecoder {
  private static final int WHITE_IS_ZERO = 0;
  private static final int CMYK = 5;
  private static final int YCBCR = 6;
  private static final int PREMULTIPLIED = 1;
  private static final int FLOAT = 3;
  private static final long MIN_TILE_LIMIT = 1 << 20;

  /** Of a pixel: CMYK and some that are left out. The reader allocates as many as are claimed. */
  private static final long MAX_SAMPLES = 16;

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    TiffTags tags = TiffTags.parse(encoded, 0);
    // The reader would take any number for them: as many samples as a float says.
    tags.requireWholeNumbers(
        TiffTags.WIDTH,
        TiffTags.HEIGHT,
        TiffTags.BITS_PER_SAMPLE,
        TiffTags.COMPRESSION,
        TiffTags.PHOTOMETRIC,
        TiffTags.SAMPLES_PER_PIXEL,
        TiffTags.TILE_WIDTH,
        TiffTags.TILE_HEIGHT,
        TiffTags.EXTRA_SAMPLES,
        TiffTags.SAMPLE_FORMAT);
    long width = tags.get(TiffTags.WIDTH, 0);
    long height = tags.get(TiffTags.HEIGHT, 0);
    limit.check(width, height);
    limit.checkRatio(width, height, encoded.length(), pixelsPerByte(tags));
    // The reader allocates whole tiles, which may be larger than the picture.
    new PixelLimit(Math.max(limit.maxPixels(), MIN_TILE_LIMIT), pixels -> {})
        .check(tags.get(TiffTags.TILE_WIDTH, 1), tags.get(TiffTags.TILE_HEIGHT, 1));
    long samples = tags.get(TiffTags.SAMPLES_PER_PIXEL, 1);
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw new MalformedImageException(
          "has %d samples per pixel, expected 1 to %d".formatted(samples, MAX_SAMPLES));
    }
    int photometric = (int) tags.get(TiffTags.PHOTOMETRIC, 0);
    if (photometric < 0 || photometric > YCBCR || photometric == 4) {
      throw new MalformedImageException(
          "has photometric interpretation "
              + photometric
              + ", expected 0 to 3, 5 or 6 (gray, RGB, palette, CMYK, YCbCr)");
    }
    byte[] file = tags.withoutProfile();
    Extent size = new Extent((int) height, (int) width);
    Picture image;
    if (tags.get(TiffTags.SAMPLE_FORMAT, 1) == FLOAT) {
      // As an image, the reader would limit them to 0..1.
      image =
          Rasters.ofSamples(
              Readers.withPluginReader("tiff", file, size, reader -> reader.readRaster(0, null)));
    } else {
      image =
          convert(
              Readers.withPluginReader("tiff", file, size, reader -> reader.read(0)),
              photometric,
              tags);
    }
    if (image.width() != width || image.height() != height) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    return new Decoded(image, Orientation.ofTiff(encoded, tags.xmp()));
  }

  /**
   * The most pixels in a byte of the file, so that a small file cannot claim a large picture.
   *
   * @throws MalformedImageException if the compression is not supported
   */
  private static long pixelsPerByte(TiffTags tags) throws MalformedImageException {
    int compression = (int) tags.get(TiffTags.COMPRESSION, 1);
    return switch (compression) {
      case 1 -> 8;
      // PackBits: 128 bytes from 2.
      case 32773 -> 64 * 8;
      // CCITT: a row of any length may repeat the one before by a bit.
      case 2, 3, 4, 32771 -> Long.MAX_VALUE >> 32;
      // LZW, deflate, JPEG: their limits are below this one.
      case 5, 6, 7, 8, 32946 -> 1 << 20;
      default ->
          throw new MalformedImageException(
              "has compression "
                  + compression
                  + ", expected none, CCITT, LZW, JPEG, deflate or PackBits");
    };
  }

  private static Picture convert(BufferedImage image, int photometric, TiffTags tags)
      throws MalformedImageException {
    WritableRaster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean premultiplied = tags.get(TiffTags.EXTRA_SAMPLES, 0) == PREMULTIPLIED;
    if (bands == 4 && (photometric == CMYK || premultiplied)) {
      return ofFourBands(raster, photometric == CMYK);
    }
    if (photometric == WHITE_IS_ZERO
        && bands == 1
        && raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT) {
      // The reader has inverted it; Pillow takes 16-bit gray as it stands.
      invert(raster);
    }
    return Rasters.toRgb(image);
  }

  /** CMYK, or RGB that was multiplied by its alpha and is divided by it again. */
  private static Picture ofFourBands(WritableRaster raster, boolean cmyk) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[Math.multiplyExact(width, 4)];
    int target = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int from = 0; from < row.length; from += 4) {
        int last = row[from + 3] >> shift;
        for (int c = 0; c < 3; c++) {
          int sample = row[from + c] >> shift;
          rgb[target++] =
              (byte) (cmyk ? Rasters.inkOnPaper(sample, 255 - last) : divided(sample, last));
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  private static int divided(int sample, int alpha) {
    return alpha == 0 ? 0 : Math.min(sample * 255 / alpha, 255);
  }

  private static void invert(WritableRaster raster) {
    int[] row = new int[raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, row.length, 1, row);
      for (int x = 0; x < row.length; x++) {
        row[x] = 65535 - row[x];
      }
      raster.setPixels(0, y, row.length, 1, row);
    }
  }
}
