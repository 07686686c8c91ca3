package io.github.tornadovit.engine.image;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a picture is to be turned, and the turning: EXIF's orientation, or XMP's where EXIF has none,
 * as Pillow's {@code getexif} and {@code ImageOps.exif_transpose}. Damaged metadata is no
 * orientation, never an error: the pixels are there.
 */
final class Orientation {
  /** Shown as stored. */
  static final int NORMAL = 1;

  /** The same expression as Pillow's. */
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(=\"|>)([0-9])");

  private Orientation() {}

  /**
   * The orientation code.
   *
   * @param exif a TIFF structure, with or without {@code Exif\0\0} before it; may be empty
   * @param xmp an XMP packet; may be empty
   */
  static int of(byte[] exif, byte[] xmp) {
    Integer code = ofExif(exif);
    if (code != null) {
      return code;
    }
    Matcher matcher = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
    return matcher.find() ? Integer.parseInt(matcher.group(2)) : NORMAL;
  }

  private static @Nullable Integer ofExif(byte[] exif) {
    Bytes bytes = new Bytes(exif);
    try {
      TiffTags tags = TiffTags.parse(bytes, bytes.startsWith(0, "Exif\0\0") ? 6 : 0);
      long[] codes = tags.all(TiffTags.ORIENTATION);
      return codes.length == 1 ? (Integer) (int) codes[0] : null;
    } catch (MalformedImageException damaged) {
      return null;
    }
  }

  /** Turns a picture; the picture itself for code 1 and for codes that do not exist. */
  static RgbImage apply(RgbImage image, int code) {
    if (code < 2 || code > 8) {
      return image;
    }
    boolean transposed = code >= 5;
    int width = transposed ? image.height() : image.width();
    int height = transposed ? image.width() : image.height();
    // Source position of target (x, y): start + x * alongX + y * alongY, in pixels.
    boolean mirrored = code == 2 || code == 3 || code == 7 || code == 8;
    boolean flipped = code == 3 || code == 4 || code == 6 || code == 7;
    int column = mirrored ? -1 : 1;
    int row = flipped ? -image.width() : image.width();
    int start =
        (mirrored ? image.width() - 1 : 0) + (flipped ? (image.height() - 1) * image.width() : 0);
    int alongX = transposed ? row : column;
    int alongY = transposed ? column : row;
    byte[] source = image.pixels();
    byte[] turned = new byte[source.length];
    int target = 0;
    for (int y = 0; y < height; y++) {
      int from = (start + y * alongY) * 3;
      for (int x = 0; x < width; x++, from += alongX * 3) {
        turned[target++] = source[from];
        turned[target++] = source[from + 1];
        turned[target++] = source[from + 2];
      }
    }
    return RgbImage.owning(width, height, turned);
  }
}
