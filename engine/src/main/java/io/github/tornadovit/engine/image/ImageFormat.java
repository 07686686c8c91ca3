package io.github.tornadovit.engine.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The formats that can be decoded, told apart by the first bytes of a file and never its name. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  GIF("GIF"),
  BMP("BMP"),
  WEBP("WebP"),
  TIFF("TIFF");

  /** Bytes that {@link #of} wants to see; fewer if the file is shorter. */
  static final int HEAD_BYTES = 1024;

  private static final String SUPPORTED = "JPEG, PNG, GIF, BMP, WebP or TIFF";

  /** A format that is recognised only to be named in the error. */
  private record Foreign(int offset, String signature, String description) {}

  private static final List<Foreign> FOREIGN =
      List.of(
          new Foreign(4, "ftypavif", "an AVIF image"),
          new Foreign(4, "ftypavis", "an AVIF image"),
          new Foreign(4, "ftyphei", "a HEIC image"),
          new Foreign(4, "ftyphev", "a HEIC image"),
          new Foreign(4, "ftypmif1", "a HEIF image"),
          new Foreign(4, "ftypmsf1", "a HEIF image"),
          new Foreign(4, "ftyp", "a video"),
          new Foreign(4, "jP  \r\n", "a JPEG 2000 image"),
          new Foreign(0, "\u00ffO\u00ffQ", "a JPEG 2000 image"),
          new Foreign(4, "JXL \r\n", "a JPEG XL image"),
          new Foreign(0, "\u00ff\n", "a JPEG XL image"),
          new Foreign(0, "\0\0\1\0", "a Windows icon"),
          new Foreign(0, "8BPS", "a Photoshop document"),
          new Foreign(0, "qoif", "a QOI image"),
          new Foreign(0, "v/1\1", "an OpenEXR image"),
          new Foreign(0, "#?RADIANCE", "a Radiance HDR image"),
          new Foreign(0, "%PDF", "a PDF document"),
          new Foreign(0, "%!PS", "a PostScript document"),
          new Foreign(0, "PK\3\4", "a ZIP archive"),
          new Foreign(0, "\u001f\u008b", "a gzip file"),
          new Foreign(0, "version https://git-lfs", "a Git LFS pointer (run git lfs pull)"));

  private final String title;

  ImageFormat(String title) {
    this.title = title;
  }

  /** The name for messages. */
  String title() {
    return title;
  }

  FormatDecoder decoder() {
    return switch (this) {
      case JPEG -> new JpegDecoder();
      case PNG -> new PngDecoder();
      case GIF -> new GifDecoder();
      case BMP -> new BmpDecoder();
      case WEBP -> new WebpDecoder();
      case TIFF -> new TiffDecoder();
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
    if (start.length == 0) {
      throw new MalformedImageException("is empty, expected an image file");
    }
    if (bytes.startsWith(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (bytes.startsWith(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (bytes.startsWith(0, "GIF87a") || bytes.startsWith(0, "GIF89a")) {
      return GIF;
    }
    if (bytes.startsWith(0, "BM")) {
      return BMP;
    }
    if (bytes.startsWith(0, "RIFF") && bytes.startsWith(8, "WEBP")) {
      return WEBP;
    }
    if (List.of("II*\0", "MM\0*", "II+\0", "MM\0+").stream()
        .anyMatch(magic -> bytes.startsWith(0, magic))) {
      return TIFF;
    }
    throw new MalformedImageException(
        "is " + describe(bytes) + ", expected an image file: " + SUPPORTED);
  }

  private static String describe(Bytes start) {
    for (Foreign foreign : FOREIGN) {
      if (start.startsWith(foreign.offset(), foreign.signature())) {
        return foreign.description();
      }
    }
    byte[] head = Arrays.copyOf(start.array(), Math.min(start.length(), HEAD_BYTES));
    String text = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (text.indexOf('\0') < 0 && text.contains("<svg")) {
      return "an SVG drawing";
    }
    if (text.indexOf('\0') < 0 && text.contains("<html")) {
      return "an HTML page";
    }
    if (text.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t')) {
      return "a text file";
    }
    return "of an unknown format (it starts with bytes "
        + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(head.length, 8))
        + ")";
  }
}
