package io.github.tornadovit.engine.image.codec;

import java.util.HashMap;
import java.util.Map;

/**
 * The whole-number tags of the first directory of a TIFF structure, classic or BigTIFF, in either
 * byte order: the header of a TIFF file. Of each tag at most {@value #MAX_VALUES} values are kept;
 * tags of other types are left out.
 */
final class TiffTags {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS_PER_SAMPLE = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int ORIENTATION = 274;
  static final int SAMPLES_PER_PIXEL = 277;
  static final int XMP = 700;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;

  private static final int ICC_PROFILE = 34675;

  private static final int MAX_VALUES = 16;

  private final Bytes bytes;
  private final long start;
  private final boolean littleEndian;
  private final Map<Integer, long[]> values = new HashMap<>();
  private final Map<Integer, Integer> otherTypes = new HashMap<>();
  private byte[] xmp = new byte[0];
  private long profileEntry = -1;

  private TiffTags(Bytes bytes, long start, boolean littleEndian) {
    this.bytes = bytes;
    this.start = start;
    this.littleEndian = littleEndian;
  }

  /**
   * Reads the first directory.
   *
   * @param start where the structure begins with its byte order mark; offsets count from there
   */
  static TiffTags parse(Bytes bytes, long start) throws MalformedImageException {
    boolean littleEndian = bytes.startsWith(start, "II");
    if (!littleEndian && !bytes.startsWith(start, "MM")) {
      throw new MalformedImageException("has no TIFF byte order mark at byte " + start);
    }
    TiffTags tags = new TiffTags(bytes, start, littleEndian);
    tags.readDirectory(tags.u16(start + 2) == 43);
    return tags;
  }

  /** The first value of a tag, or {@code absent} if there is none. */
  long get(int tag, long absent) {
    long[] found = values.get(tag);
    return found == null || found.length == 0 ? absent : found[0];
  }

  /** Refuses tags that are there, but as text, rationals or floats. */
  void requireWholeNumbers(int... tags) throws MalformedImageException {
    for (int tag : tags) {
      Integer type = otherTypes.get(tag);
      if (type != null) {
        throw new MalformedImageException(
            "has tag %d of type %d, expected whole numbers".formatted(tag, type));
      }
    }
  }

  /** The XMP packet, empty if there is none. */
  byte[] xmp() {
    return xmp.clone();
  }

  /**
   * The whole file, its colour profile hidden from readers that would convert by it: the entry in
   * the directory has the next, unused tag number instead.
   */
  byte[] withoutProfile() {
    if (profileEntry < 0) {
      return bytes.array();
    }
    byte[] copy = bytes.array().clone();
    copy[(int) profileEntry + (littleEndian ? 0 : 1)]++;
    return copy;
  }

  private void readDirectory(boolean big) throws MalformedImageException {
    long at = start + (big ? word(start + 8) : u32(start + 4));
    long entries = big ? word(at) : u16(at);
    at += big ? 8 : 2;
    int entryBytes = big ? 20 : 12;
    // A damaged entry ends the directory: what stands before it is still good.
    for (long i = 0; i < entries && at + entryBytes <= bytes.length(); i++, at += entryBytes) {
      int tag = u16(at);
      if (tag == ICC_PROFILE) {
        profileEntry = at;
      }
      int size = size(u16(at + 2));
      long count = big ? word(at + 4) : u32(at + 4);
      long field = at + (big ? 12 : 8);
      boolean inline = count <= (big ? 8 : 4) / Math.max(1, size);
      long data = inline ? field : start + (big ? word(field) : u32(field));
      if (tag == XMP && count <= bytes.length() && data <= bytes.length() - count) {
        xmp = bytes.copy(data, count);
      } else if (size > 0) {
        values.putIfAbsent(tag, read(data, size, (int) Math.min(count, MAX_VALUES)));
      } else {
        otherTypes.putIfAbsent(tag, u16(at + 2));
      }
    }
  }

  private long[] read(long at, int size, int count) throws MalformedImageException {
    if (at < 0 || at > bytes.length() - (long) size * count) {
      return new long[0];
    }
    long[] read = new long[count];
    for (int i = 0; i < count; i++) {
      long from = at + (long) i * size;
      read[i] =
          switch (size) {
            case 1 -> bytes.u8(from);
            case 2 -> u16(from);
            case 4 -> u32(from);
            default -> word(from);
          };
    }
    return read;
  }

  /** Bytes of a value of a whole-number type; 0 for the other types. */
  private static int size(int type) {
    return switch (type) {
      case 1, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 13 -> 4;
      case 16, 17, 18 -> 8;
      default -> 0;
    };
  }

  private int u16(long at) throws MalformedImageException {
    return littleEndian ? bytes.u16LittleEndian(at) : bytes.u16BigEndian(at);
  }

  private long u32(long at) throws MalformedImageException {
    return littleEndian ? bytes.u32LittleEndian(at) : bytes.u32BigEndian(at);
  }

  /** 64 bits, of which those of no file's size are refused. */
  private long word(long at) throws MalformedImageException {
    long low = u32(littleEndian ? at : at + 4);
    long high = u32(littleEndian ? at + 4 : at);
    if (high != 0) {
      throw new MalformedImageException("has a 64-bit number above 2^32 at byte " + at);
    }
    return low;
  }
}
