package io.github.tornadovit.engine.image;

import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.base.file.HeapProblem;
import io.github.tornadovit.engine.event.ImageDecodeEvent;
import io.github.tornadovit.engine.image.codec.AdmittedSink;
import io.github.tornadovit.engine.image.codec.Bytes;
import io.github.tornadovit.engine.image.codec.DecodeMemory;
import io.github.tornadovit.engine.image.codec.FormatDecoder;
import io.github.tornadovit.engine.image.codec.MalformedImageException;
import io.github.tornadovit.engine.image.codec.PixelLimit;
import io.github.tornadovit.engine.image.codec.Rasters;
import io.github.tornadovit.engine.image.codec.RowSink;
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
 * <p>Immutable; safe for use by several threads. <b>Memory:</b> images that are decoded at the same
 * time take half of the free heap at most, whoever decodes them; one for which there is no room
 * waits for its turn, and one that needs more than that is decoded alone.
 */
public final class ImageDecoder {
  /** The default limit of pixels: above it Pillow refuses an image as a decompression bomb. */
  public static final long DEFAULT_MAX_PIXELS = 178_956_970L;

  /**
   * The limit of a file: no image within the limits of pixels that a decoder can hold needs a
   * larger one.
   */
  public static final int MAX_ENCODED_BYTES = 1 << 29;

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
    WholeImage whole = new WholeImage();
    decode(file, whole);
    return whole.image();
  }

  /** As {@link #decode(Path)}, into a sink. */
  void decode(Path file, RowSink sink) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new ImageException(name, "is a directory, expected an image file");
    }
    try (InputStream encoded = Files.newInputStream(file)) {
      decode(read(encoded, name), name, sink);
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
    return decode(read(encoded, name), name);
  }

  private static byte[] read(InputStream encoded, String name) {
    try {
      byte[] head = encoded.readNBytes(ImageFormat.HEAD_BYTES);
      ImageFormat.of(head);
      // All of a file, of which a second copy would be large.
      int known = Math.clamp(encoded.available(), 0, MAX_ENCODED_BYTES - head.length);
      byte[] whole = Arrays.copyOf(head, head.length + known);
      int length = head.length + encoded.readNBytes(whole, head.length, known);
      byte[] tail = encoded.readNBytes(MAX_ENCODED_BYTES - length);
      if (encoded.read() >= 0) {
        throw new ImageException(
            name, "is larger than the limit of " + MAX_ENCODED_BYTES + " bytes");
      }
      if (tail.length > 0 || length < whole.length) {
        whole = Arrays.copyOf(whole, length + tail.length);
        System.arraycopy(tail, 0, whole, length, tail.length);
      }
      return whole;
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    } catch (MalformedImageException e) {
      throw new ImageException(name, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ImageException(name, "cannot be read: " + FileProblem.reason(e), e);
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
    WholeImage whole = new WholeImage();
    decode(encoded, name, whole);
    return whole.image();
  }

  /** As {@link #decode(byte[], String)}, into a sink. */
  void decode(byte[] encoded, String name, RowSink sink) {
    ImageDecodeEvent event = new ImageDecodeEvent();
    event.begin();
    String problem = null;
    try (DecodeMemory.Share memory = DecodeMemory.shared().share()) {
      AdmittedSink admitted = new AdmittedSink(sink, applyOrientation, encoded.length, memory);
      try {
        decodeWhole(encoded, name, admitted, memory);
      } catch (ImageException unreadable) {
        problem = unreadable.getMessage();
        throw unreadable;
      } finally {
        event.end();
        if (event.shouldCommit()) {
          event.image = name;
          event.encodedBytes = encoded.length;
          event.width = problem == null ? admitted.width() : 0;
          event.height = problem == null ? admitted.height() : 0;
          event.problem = problem;
          event.commit();
        }
      }
    }
  }

  private void decodeWhole(
      byte[] encoded, String name, AdmittedSink sink, DecodeMemory.Share memory) {
    ImageFormat format;
    try {
      format =
          ImageFormat.of(Arrays.copyOf(encoded, Math.min(encoded.length, ImageFormat.HEAD_BYTES)));
    } catch (MalformedImageException e) {
      throw new ImageException(name, String.valueOf(e.getMessage()), e);
    }
    try {
      decodeAs(format, encoded, sink, memory);
    } catch (MalformedImageException e) {
      throw new ImageException(name, e.getMessage() + " (" + format.title() + ")", e);
    } catch (ImageException fromSink) {
      throw fromSink;
    } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
      // ImageIO's readers answer damaged files with any unchecked exception, and with errors where
      // they recurse or call native code. This is the one place where they become one kind.
      throw new ImageException(name, "is a damaged " + format.title() + " file: " + reason(e), e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    }
  }

  /** Where the heap does not last, others may have had it: tries again alone. */
  private void decodeAs(
      ImageFormat format, byte[] encoded, AdmittedSink sink, DecodeMemory.Share memory)
      throws IOException {
    FormatDecoder decoder = format.decoder();
    int bytesPerPixel = decoder.bytesPerPixel();
    PixelLimit limit =
        new PixelLimit(
            maxPixels,
            pixels -> {
              if (bytesPerPixel > 0) {
                memory.take(encoded.length + pixels * bytesPerPixel);
              }
            });
    try {
      decoder.decode(new Bytes(encoded), limit, sink);
    } catch (OutOfMemoryError full) {
      memory.takeAll();
      decoder.decode(new Bytes(encoded), limit, sink);
    }
  }

  private static ImageException outOfMemory(String name, OutOfMemoryError e) {
    return new ImageException(name, HeapProblem.reason(e), e);
  }

  /** The message of the innermost cause, or its type if it has none. */
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
      return new RgbImage(
          Rasters.toRgb(image.isAlphaPremultiplied() ? unpremultiplied(image) : image));
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
