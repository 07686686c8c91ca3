package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.event.ImageDecodeEvent;
import io.github.tornadovit.weights.file.FileProblem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Decodes JPEG, PNG, GIF (first frame), BMP, WebP, TIFF and Netpbm (PBM, PGM, PPM) to 8-bit RGB as
 * Pillow's {@code Image.open}, {@code ImageOps.exif_transpose} and {@code convert("RGB")} do.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class ImageDecoder {
  /** The default limit of pixels; Pillow warns of a bomb above 89 and refuses above 179 million. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000L;

  /** No image within the limits of pixels that this decoder can hold needs a larger file. */
  private static final int MAX_ENCODED_BYTES = 1 << 29;

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
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new ImageException(name, "is a directory, expected an image file");
    }
    try (InputStream encoded = Files.newInputStream(file)) {
      return decode(encoded, name);
    } catch (NoSuchFileException e) {
      throw new ImageException(name, "does not exist", e);
    } catch (AccessDeniedException e) {
      throw new ImageException(name, "cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + FileProblem.reason(e), e);
    }
  }

  /**
   * Decodes an image from a stream, which is read to its end but not closed. What is no image is
   * refused after its first bytes, so a large file that was named by mistake costs nothing.
   *
   * @param name how error messages call it
   * @throws ImageException if the stream fails or does not hold an image that can be decoded
   */
  public RgbImage decode(InputStream encoded, String name) {
    byte[] whole;
    try {
      byte[] head = encoded.readNBytes(ImageFormat.HEAD_BYTES);
      ImageFormat.of(head);
      byte[] tail = encoded.readNBytes(MAX_ENCODED_BYTES - head.length);
      if (tail.length == MAX_ENCODED_BYTES - head.length && encoded.read() >= 0) {
        throw new ImageException(
            name, "is larger than the limit of " + MAX_ENCODED_BYTES + " bytes");
      }
      whole = Arrays.copyOf(head, head.length + tail.length);
      System.arraycopy(tail, 0, whole, head.length, tail.length);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    } catch (MalformedImageException e) {
      throw new ImageException(name, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + FileProblem.reason(e), e);
    }
    return decode(whole, name);
  }

  /**
   * Decodes an image held in memory.
   *
   * @param encoded a whole image file
   * @param name how error messages call it
   * @throws ImageException if it is not an image that can be decoded
   */
  public RgbImage decode(byte[] encoded, String name) {
    ImageDecodeEvent event = new ImageDecodeEvent();
    event.begin();
    RgbImage image = null;
    String problem = null;
    try {
      image = decodeWhole(encoded, name);
      return image;
    } catch (ImageException unreadable) {
      problem = unreadable.getMessage();
      throw unreadable;
    } finally {
      event.end();
      if (event.shouldCommit()) {
        event.image = name;
        event.encodedBytes = encoded.length;
        event.width = image == null ? 0 : image.width();
        event.height = image == null ? 0 : image.height();
        event.problem = problem;
        event.commit();
      }
    }
  }

  private RgbImage decodeWhole(byte[] encoded, String name) {
    ImageFormat format;
    try {
      format =
          ImageFormat.of(Arrays.copyOf(encoded, Math.min(encoded.length, ImageFormat.HEAD_BYTES)));
    } catch (MalformedImageException e) {
      throw new ImageException(name, String.valueOf(e.getMessage()), e);
    }
    try {
      FormatDecoder.Decoded decoded =
          format.decoder().decode(new Bytes(encoded), new PixelLimit(maxPixels));
      return applyOrientation
          ? Orientation.apply(decoded.image(), decoded.orientation().code())
          : decoded.image();
    } catch (MalformedImageException e) {
      throw new ImageException(name, e.getMessage() + " (" + format.title() + ")", e);
    } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
      // ImageIO's readers answer damaged files with any unchecked exception, and with errors where
      // they recurse or call native code. This is the one place where they become one kind.
      throw new ImageException(name, "is a damaged " + format.title() + " file: " + reason(e), e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    }
  }

  private static ImageException outOfMemory(String name, OutOfMemoryError e) {
    return new ImageException(
        name,
        "needs more memory than is left of " + Runtime.getRuntime().maxMemory() + " bytes of heap",
        e);
  }

  /** What the innermost cause says, or its type if it says nothing. */
  private static String reason(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; depth < 8 && inner.getCause() != null; depth++) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null || message.isBlank() ? inner.getClass().getSimpleName() : message;
  }

  /**
   * Copies an AWT image by the rules of the decoder: alpha is dropped, gray repeated, colours taken
   * as sRGB.
   *
   * @throws ImageException if its samples are neither 8-bit nor 16-bit
   */
  @SuppressWarnings("exports") // who has a BufferedImage requires java.desktop already
  public static RgbImage convert(BufferedImage image) {
    try {
      return Rasters.toRgb(image.isAlphaPremultiplied() ? unpremultiplied(image) : image);
    } catch (MalformedImageException e) {
      throw new ImageException("BufferedImage", String.valueOf(e.getMessage()), e);
    }
  }

  private static BufferedImage unpremultiplied(BufferedImage image) {
    int width = image.getWidth();
    BufferedImage plain = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      plain.setRGB(0, y, width, 1, image.getRGB(0, y, width, 1, row, 0, width), 0, width);
    }
    return plain;
  }
}
