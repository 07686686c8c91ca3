package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.BmpDecoder;
import io.github.tornadovit.engine.image.codec.Bytes;
import io.github.tornadovit.engine.image.codec.FormatDecoder;
import io.github.tornadovit.engine.image.codec.GifDecoder;
import io.github.tornadovit.engine.image.codec.JpegDecoder;
import io.github.tornadovit.engine.image.codec.MalformedImageException;
import io.github.tornadovit.engine.image.codec.PngDecoder;
import io.github.tornadovit.engine.image.codec.PnmDecoder;
import io.github.tornadovit.engine.image.codec.PnmTokens;
import io.github.tornadovit.engine.image.codec.TiffDecoder;
import io.github.tornadovit.engine.image.webp.WebpDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats that can be decoded, told apart by the first bytes of a file and never its name. */
enum ImageFormat {
  JPEG("JPEG", "jpg jpeg jpe jfif jif"),
  PNG("PNG", "png apng"),
  GIF("GIF", "gif"),
  BMP("BMP", "bmp dib"),
  WEBP("WebP", "webp"),
  TIFF("TIFF", "tif tiff"),
  PNM("Netpbm", "pbm pgm ppm pnm pfm");

  /** Bytes that {@link #of} wants to see; fewer if the file is shorter. */
  static final int HEAD_BYTES = 1024;

  private static final String SUPPORTED =
      "JPEG, PNG, GIF, BMP, WebP, TIFF or Netpbm (PBM, PGM, PPM)";

  private static final Set<String> ENDINGS =
      Arrays.stream(values())
          .flatMap(format -> Stream.of(format.endings.split(" ", -1)))
          .collect(Collectors.toUnmodifiableSet());

  private final String title;
  private final String endings;

  ImageFormat(String title, String endings) {
    this.title = title;
    this.endings = endings;
  }

  /** The name for messages. */
  String title() {
    return title;
  }

  /** Whether files of some format have names with that ending, in lower case and without dot. */
  static boolean hasEnding(String ending) {
    return ENDINGS.contains(ending);
  }

  FormatDecoder decoder() {
    return switch (this) {
      case JPEG -> new JpegDecoder();
      case PNG -> new PngDecoder();
      case GIF -> new GifDecoder();
      case BMP -> new BmpDecoder();
      case WEBP -> new WebpDecoder();
      case TIFF -> new TiffDecoder();
      case PNM -> new PnmDecoder();
    };
  }

  /**
   * The format of a file.
   *
   * @param start the first {@link #HEAD_BYTES} bytes of the file, or all of it if it is shorter
   * @throws MalformedImageException if it is none of these, saying what it seems to be
   */
  static ImageFormat of(byte[] start) throws MalformedImageException {
    Bytes bytes = new Bytes(start);
    ImageFormat format = recognize(bytes);
    if (format != null) {
      return format;
    }
    if (start.length == 0) {
      throw new MalformedImageException("is empty, expected an image file");
    }
    String[] description = ForeignFormat.describe(bytes).split("(?=; )", 2);
    throw new MalformedImageException(
        "is %s, expected an image file: %s%s"
            .formatted(description[0], SUPPORTED, description.length > 1 ? description[1] : ""));
  }

  /** The format that a file begins as, or null. */
  static @Nullable ImageFormat recognize(Bytes start) {
    if (start.startsWith(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (start.startsWith(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (start.startsWith(0, "GIF87a") || start.startsWith(0, "GIF89a")) {
      return GIF;
    }
    // A text may begin with BM; the size of the second header takes one byte.
    if (start.startsWith(0, "BM") && start.startsWith(15, "\0\0\0")) {
      return BMP;
    }
    if (start.startsWith(0, "RIFF") && start.startsWith(8, "WEBP")) {
      return WEBP;
    }
    if (List.of("II*\0", "MM\0*", "II+\0", "MM\0+").stream()
        .anyMatch(magic -> start.startsWith(0, magic))) {
      return TIFF;
    }
    return PnmTokens.begin(start) ? PNM : null;
  }
}
