package io.github.tornadovit.engine.image.codec;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The orientation of a picture, by which {@link Turn} turns it: EXIF's, or XMP's where EXIF has
 * none, as Pillow's {@code getexif} and {@code ImageOps.exif_transpose}.
 */
public final class Orientation {
  /** Shown as stored. */
  public static final Orientation NORMAL = new Orientation(() -> (Integer) 1, new byte[0]);

  /** The same expression as Pillow's. */
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(=\"|>)([0-9])");

  /** The orientation in EXIF data, or null if they have none. */
  @FunctionalInterface
  public interface Exif {
    @Nullable Integer code() throws MalformedImageException;
  }

  private final Exif exif;
  private final byte[] xmp;

  private Orientation(Exif exif, byte[] xmp) {
    this.exif = exif;
    this.xmp = xmp;
  }

  /**
   * The orientation by metadata.
   *
   * @param exif a TIFF structure, with or without {@code Exif\0\0} before it; may be empty
   * @param xmp an XMP packet; may be empty
   */
  public static Orientation of(byte[] exif, byte[] xmp) {
    return of(() -> ExifOrientation.ofExif(exif), xmp);
  }

  /** As {@link #of(byte[], byte[])}, with EXIF data that are looked at when the code is wanted. */
  public static Orientation of(Exif exif, byte[] xmp) {
    return new Orientation(exif, xmp);
  }

  /**
   * As {@link #of}, but EXIF data that are no TIFF structure mean no orientation: so Pillow takes
   * those of a JPEG whose resolution it looks for there.
   */
  static Orientation forgiving(byte[] exif, byte[] xmp) {
    return new Orientation(
        () -> {
          try {
            return ExifOrientation.ofExif(exif);
          } catch (MalformedImageException noTiff) {
            return (Integer) 0;
          }
        },
        xmp);
  }

  /**
   * The orientation of a TIFF file.
   *
   * @param xmp of its own tag; may be empty
   */
  static Orientation ofTiff(Bytes file, byte[] xmp) {
    return new Orientation(() -> ExifOrientation.ofFile(file), xmp);
  }

  /**
   * EXIF's code 1 to 8; anything else means 1.
   *
   * @throws MalformedImageException if the EXIF data are no TIFF structure
   */
  int code() throws MalformedImageException {
    Integer code = exif.code();
    if (code != null) {
      return code;
    }
    Matcher matcher = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
    return matcher.find() ? Integer.parseInt(matcher.group(2)) : 1;
  }
}
