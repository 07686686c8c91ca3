package io.github.tornadovit.engine.image.codec;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The orientation tag of the first directory of a TIFF structure, taken as Pillow's {@code
 * Image.Exif} takes it: of several tags the last counts, of several values the first; whole numbers
 * of any width, floats and rationals are numbers, bytes and text are none; data that end early end
 * the directory.
 */
final class ExifOrientation {
  private static final int ENTRY_BYTES = 12;
  private static final int BIG_ENTRY_BYTES = 20;
  private static final int BIG_TIFF = 43;

  private final Bytes bytes;
  private final boolean littleEndian;
  private final boolean big;

  private ExifOrientation(Bytes bytes, boolean littleEndian, boolean big) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.big = big;
  }

  /**
   * The code in a whole TIFF file, in the larger form of BigTIFF as well.
   *
   * @return null if there is no orientation tag, 0 if it holds no whole number of one digit
   */
  static @Nullable Integer ofFile(Bytes file) {
    boolean littleEndian = file.startsWith(0, "II");
    try {
      boolean big = (littleEndian ? file.u8(2) : file.u8(3)) == BIG_TIFF;
      return new ExifOrientation(file, littleEndian, big).inDirectory();
    } catch (MalformedImageException endsEarly) {
      return null;
    }
  }

  /**
   * The code in an Exif segment or chunk: as of {@link #ofFile}.
   *
   * @param exif with {@code Exif\0\0} before it, once, several times or not at all; may be empty
   * @throws MalformedImageException if it does not begin as a TIFF structure; Pillow refuses it too
   */
  static @Nullable Integer ofExif(byte[] exif) throws MalformedImageException {
    Bytes bytes = new Bytes(exif);
    int start = 0;
    while (bytes.startsWith(start, "Exif\0\0")) {
      start += 6;
    }
    if (start == exif.length) {
      return null;
    }
    Bytes tiff = start == 0 ? bytes : new Bytes(bytes.copy(start, exif.length - start));
    boolean littleEndian = tiff.startsWith(0, "II*\0") || tiff.startsWith(0, "II\0*");
    boolean bigEndian =
        tiff.startsWith(0, "MM\0*") || tiff.startsWith(0, "MM*\0") || tiff.startsWith(0, "MM\0+");
    if (tiff.length() < 8 || !(littleEndian || bigEndian)) {
      throw new MalformedImageException(
          "has EXIF data that are no TIFF structure, expected II*\\0 or MM\\0* and an offset;"
              + " without the orientation (--no-orientation) the picture can be read");
    }
    return new ExifOrientation(tiff, littleEndian, false).inDirectory();
  }

  private @Nullable Integer inDirectory() {
    Integer code = null;
    try {
      long at = big ? word(8) : u32(4);
      long entries = big ? word(at) : u16(at);
      at += big ? 8 : 2;
      for (long i = 0; i < entries; i++, at += big ? BIG_ENTRY_BYTES : ENTRY_BYTES) {
        bytes.require(at, big ? BIG_ENTRY_BYTES : ENTRY_BYTES);
        int type = u16(at + 2);
        long size = size(type) * (big ? word(at + 4) : u32(at + 4));
        if (size == 0) {
          continue;
        }
        long data = at + (big ? 12 : 8);
        if (size > (big ? 8 : 4)) {
          data = big ? word(data) : u32(data);
          bytes.require(data, size);
        }
        if (u16(at) == TiffTags.ORIENTATION) {
          code = code(type, data);
        }
      }
    } catch (MalformedImageException endsEarly) {
      return code;
    }
    return code;
  }

  /** Bytes of a value; 0 for types that Pillow passes over. */
  private static long size(int type) {
    return switch (type) {
      case 1, 2, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 11, 13 -> 4;
      case 5, 10, 12, 16 -> 8;
      default -> 0;
    };
  }

  private int code(int type, long at) throws MalformedImageException {
    double value =
        switch (type) {
          case 3, 8 -> u16(at);
          case 4, 9, 13 -> u32(at);
          case 5, 10 -> u32(at + 4) == 0 ? 0 : ratio(u32(at), u32(at + 4), type == 10);
          case 6 -> bytes.u8(at);
          case 11 -> Float.intBitsToFloat((int) u32(at));
          case 12 -> Double.longBitsToDouble(u64(at).longValue());
          case 16 -> u64(at).doubleValue();
          default -> 0;
        };
    return value == Math.rint(value) && value > 0 && value < 10 ? (int) value : 0;
  }

  /** Exact where it is a code: both parts have 32 bits. */
  private static double ratio(long numerator, long denominator, boolean signed) {
    return signed ? (double) (int) numerator / (int) denominator : (double) numerator / denominator;
  }

  private int u16(long at) throws MalformedImageException {
    return littleEndian ? bytes.u16LittleEndian(at) : bytes.u16BigEndian(at);
  }

  private long u32(long at) throws MalformedImageException {
    return littleEndian ? bytes.u32LittleEndian(at) : bytes.u32BigEndian(at);
  }

  private BigInteger u64(long at) throws MalformedImageException {
    long high = u32(littleEndian ? at + 4 : at);
    long low = u32(littleEndian ? at : at + 4);
    return BigInteger.valueOf(high).shiftLeft(32).or(BigInteger.valueOf(low));
  }

  /** 64 bits that count or point, of which those beyond any file are refused. */
  private long word(long at) throws MalformedImageException {
    BigInteger word = u64(at);
    if (word.bitLength() > 31) {
      throw new MalformedImageException("has a 64-bit number above 2^31 at byte " + at);
    }
    return word.intValue();
  }
}
