package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The validated directory of a zip file whose entries are all stored: where the bytes of each entry
 * lie. A pure reader of bytes; nothing is unpacked.
 *
 * <p>Sizes and CRCs are those of the central directory: torch leaves them 0 in the local headers
 * and appends them after the data. Every zip64 field is understood. Entries may not overlap, so
 * they cannot hold more than the file; that and the refusal of compression is what stops bombs.
 */
final class ZipDirectory {
  static final int MAX_ENTRIES = 100_000;
  static final int MAX_NAME_BYTES = 1024;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int LOCATOR64_SIGNATURE = 0x07064b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR64_BYTES = 20;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT_BYTES = 0xFFFF;
  private static final int ZIP64_EXTRA = 1;
  private static final long SATURATED_INT = 0xFFFFFFFFL;
  private static final int SATURATED_SHORT = 0xFFFF;
  private static final int FLAG_ENCRYPTED = 1;
  private static final int FLAG_DESCRIPTOR = 1 << 3;
  private static final int FLAG_PATCHED = 1 << 5;
  private static final int FLAG_STRONGLY_ENCRYPTED = 1 << 6;
  private static final int FLAG_MASKED = 1 << 13;

  private static final ValueLayout.OfShort LE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * A stored entry.
   *
   * @param header byte of its local header
   * @param data byte of its content
   * @param size bytes of its content
   * @param crc CRC-32 of its content
   */
  record Entry(String name, long header, long data, long size, long crc) {
    long end() {
      return data + size;
    }
  }

  private record Bounds(long entries, long start, long size) {}

  private final MemorySegment file;
  private final String where;

  private ZipDirectory(MemorySegment file, String where) {
    this.file = file;
    this.where = where;
  }

  /**
   * Reads and checks the directory of a file.
   *
   * @param where the file, for messages
   * @return the entries by name, in the order of their bytes
   */
  static SequencedMap<String, Entry> read(MemorySegment file, String where) {
    return new ZipDirectory(file, where).entries();
  }

  private SequencedMap<String, Entry> entries() {
    Bounds bounds = bounds();
    List<Entry> entries = new ArrayList<>();
    long at = bounds.start();
    long end = bounds.start() + bounds.size();
    while (at < end) {
      if (end - at < CENTRAL_BYTES || int32(at) != CENTRAL_SIGNATURE) {
        throw fail("zip directory is damaged at byte %d".formatted(at));
      }
      long length = CENTRAL_BYTES + (long) uint16(at + 28) + uint16(at + 30) + uint16(at + 32);
      if (length > end - at) {
        throw fail("zip directory entry at byte %d leaves the directory".formatted(at));
      }
      entries.add(entry(at, bounds.start()));
      if (entries.size() > bounds.entries()) {
        break;
      }
      at += length;
    }
    if (entries.size() != bounds.entries()) {
      throw fail(
          "zip directory does not hold the %d entries that it claims".formatted(bounds.entries()));
    }
    entries.sort(Comparator.comparingLong(Entry::header));
    return byName(entries);
  }

  private SequencedMap<String, Entry> byName(List<Entry> entries) {
    SequencedMap<String, Entry> byName = new LinkedHashMap<>();
    long free = 0;
    for (Entry entry : entries) {
      if (entry.header() < free) {
        throw fail("zip entry '%s' overlaps another".formatted(entry.name()));
      }
      if (byName.put(entry.name(), entry) != null) {
        throw fail("zip entry '%s' is there twice".formatted(entry.name()));
      }
      free = entry.end();
    }
    return byName;
  }

  /** Finds the end record, which a comment may follow up to the end of the file. */
  private Bounds bounds() {
    long last = file.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
      if (int32(at) == END_SIGNATURE && uint16(at + 20) == last - at) {
        return bounds(at);
      }
    }
    throw fail("zip directory is missing at the end; the file may be cut short");
  }

  private Bounds bounds(long end) {
    long limit = end;
    long entries = uint16(end + 10);
    long size = uint32(end + 12);
    long start = uint32(end + 16);
    requireOneDisk(uint16(end + 4), uint16(end + 6), uint16(end + 8), entries);
    long locator = end - LOCATOR64_BYTES;
    if (locator >= 0 && int32(locator) == LOCATOR64_SIGNATURE) {
      long end64 = int64(locator + 8);
      limit = end64;
      if (end64 < 0 || end64 > locator - END64_BYTES || int32(end64) != END64_SIGNATURE) {
        throw fail("zip64 end record is not at byte %d, where it should be".formatted(end64));
      }
      requireOneDisk(int32(end64 + 16), int32(end64 + 20), int64(end64 + 24), int64(end64 + 32));
      entries = merge(entries, SATURATED_SHORT, int64(end64 + 32), "entries");
      size = merge(size, SATURATED_INT, int64(end64 + 40), "size");
      start = merge(start, SATURATED_INT, int64(end64 + 48), "start");
    }
    if (start < 0 || size < 0 || start > limit || size != limit - start) {
      throw fail(
          "zip directory of %d bytes at byte %d does not end at byte %d, where it should"
              .formatted(size, start, limit));
    }
    if (entries < 0 || entries > MAX_ENTRIES) {
      throw fail(
          "zip directory of %d entries, expected at most %d".formatted(entries, MAX_ENTRIES));
    }
    return new Bounds(entries, start, size);
  }

  /** The 64-bit value; the 16 or 32-bit one must be saturated or the same. */
  private long merge(long small, long saturated, long large, String what) {
    if (small != saturated && small != large) {
      throw fail("zip directory %s is %d and, in zip64, %d".formatted(what, small, large));
    }
    return large;
  }

  private void requireOneDisk(long disk, long directoryDisk, long onDisk, long entries) {
    if (disk != 0 || directoryDisk != 0 || onDisk != entries) {
      throw fail("zip file is one of several disks, expected a single one");
    }
  }

  private Entry entry(long at, long directory) {
    int nameBytes = uint16(at + 28);
    String name = name(at + CENTRAL_BYTES, nameBytes);
    int flags = uint16(at + 8);
    int method = uint16(at + 10);
    if ((flags & (FLAG_ENCRYPTED | FLAG_STRONGLY_ENCRYPTED | FLAG_MASKED | FLAG_PATCHED)) != 0) {
      throw fail("zip entry '%s' is encrypted or patched".formatted(name));
    }
    if (method != 0) {
      throw fail(
          "zip entry '%s' is compressed (method %d), expected stored as torch.save writes it%s"
              .formatted(
                  name, method, name.contains("/code/") ? "; this is a TorchScript program" : ""));
    }
    long[] fields = {uint32(at + 24), uint32(at + 20), uint32(at + 42), uint16(at + 34)};
    zip64(name, at + CENTRAL_BYTES + nameBytes, uint16(at + 30), fields);
    long size = fields[0];
    long header = fields[2];
    if (size != fields[1] || size < 0) {
      throw fail("zip entry '%s' has sizes %d and %d".formatted(name, size, fields[1]));
    }
    if (fields[3] != 0) {
      throw fail("zip entry '%s' is on another disk".formatted(name));
    }
    if (header < 0 || header > directory - LOCAL_BYTES || int32(header) != LOCAL_SIGNATURE) {
      throw fail("zip entry '%s' has no local header at byte %d".formatted(name, header));
    }
    return local(name, at, header, size, directory);
  }

  /** Checks the local header against the directory, and finds the content behind it. */
  private Entry local(String name, long at, long header, long size, long directory) {
    int nameBytes = uint16(header + 26);
    long data = header + LOCAL_BYTES + nameBytes + uint16(header + 28);
    if (data > directory || size > directory - data) {
      throw fail("zip entry '%s' of %d bytes leaves the file".formatted(name, size));
    }
    boolean described = (uint16(header + 6) & FLAG_DESCRIPTOR) != 0;
    long localSize = uint32(header + 22);
    boolean sameSize = localSize == size || localSize == SATURATED_INT || described;
    if (uint16(header + 8) != 0
        || !sameSize
        || nameBytes != uint16(at + 28)
        || !name(header + LOCAL_BYTES, nameBytes).equals(name)) {
      throw fail("zip entry '%s' is another in its local header".formatted(name));
    }
    return new Entry(name, header, data, size, uint32(at + 16));
  }

  /** Replaces saturated fields by those of the zip64 extra field, which come in this order. */
  private void zip64(String name, long extra, int extraBytes, long[] fields) {
    long end = extra + extraBytes;
    long at = extra;
    while (end - at >= 4 && uint16(at) != ZIP64_EXTRA) {
      at += 4 + uint16(at + 2);
    }
    long last = end - at >= 4 ? at + 4 + uint16(at + 2) : at;
    at += 4;
    for (int i = 0; i < fields.length; i++) {
      int width = i == 3 ? Integer.BYTES : Long.BYTES;
      if (fields[i] == (i == 3 ? SATURATED_SHORT : SATURATED_INT)) {
        if (last > end || last - at < width) {
          throw fail("zip entry '%s' lacks a zip64 field".formatted(name));
        }
        fields[i] = i == 3 ? uint32(at) : int64(at);
        at += width;
      }
    }
  }

  private String name(long at, int bytes) {
    if (bytes == 0 || bytes > MAX_NAME_BYTES) {
      throw fail("zip entry name of %d bytes, expected 1 to %d".formatted(bytes, MAX_NAME_BYTES));
    }
    try {
      ByteBuffer encoded = ByteBuffer.wrap(file.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
      return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
    } catch (CharacterCodingException e) {
      throw fail("zip entry name at byte %d is not UTF-8".formatted(at));
    }
  }

  private int uint16(long at) {
    return Short.toUnsignedInt(file.get(LE_SHORT, at));
  }

  private int int32(long at) {
    return file.get(LE_INT, at);
  }

  private long uint32(long at) {
    return Integer.toUnsignedLong(int32(at));
  }

  private long int64(long at) {
    return file.get(LE_LONG, at);
  }

  private CheckpointException fail(String problem) {
    return new CheckpointException(where, problem);
  }
}
