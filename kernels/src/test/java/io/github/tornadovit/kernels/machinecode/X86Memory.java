package io.github.tornadovit.kernels.machinecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Memory of an interpreted function: regions with nothing between them; any other access fails. */
final class X86Memory {
  /** Bytes at an address. */
  private record Region(String name, boolean writable, ByteBuffer bytes) {}

  private final TreeMap<Long, Region> regions = new TreeMap<>();

  /** A region of floats. */
  void map(String name, long base, boolean writable, float[] values) {
    ByteBuffer bytes = map(name, base, writable, values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
  }

  /** A region of bytes, which the caller may fill. */
  ByteBuffer map(String name, long base, boolean writable, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    Map.Entry<Long, Region> below = regions.lowerEntry(base + size);
    if (below != null && below.getKey() + below.getValue().bytes.capacity() > base) {
      throw new IllegalArgumentException(name + " overlaps " + below.getValue().name);
    }
    regions.put(base, new Region(name, writable, bytes));
    return bytes;
  }

  /** What the region at an address holds now. */
  float[] floats(long base) {
    ByteBuffer bytes = at(base, 0, false);
    float[] values = new float[bytes.capacity() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  float loadFloat(long address) {
    return at(address, Float.BYTES, false).getFloat();
  }

  void storeFloat(long address, float value) {
    at(address, Float.BYTES, true).putFloat(value);
  }

  int loadInt(long address) {
    return at(address, Integer.BYTES, false).getInt();
  }

  void storeInt(long address, int value) {
    at(address, Integer.BYTES, true).putInt(value);
  }

  void storeLong(long address, long value) {
    at(address, Long.BYTES, true).putLong(value);
  }

  long loadLong(long address) {
    return at(address, Long.BYTES, false).getLong();
  }

  private ByteBuffer at(long address, int size, boolean write) {
    Map.Entry<Long, Region> entry = regions.floorEntry(address);
    if (entry != null) {
      Region region = entry.getValue();
      long offset = address - entry.getKey();
      if (offset + size <= region.bytes.capacity()) {
        if (write && !region.writable) {
          throw new AssertionError("%s is written, at byte %d".formatted(region.name, offset));
        }
        return region
            .bytes
            .duplicate()
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(Math.toIntExact(offset));
      }
    }
    String where =
        entry == null
            ? "below all regions"
            : "%d bytes from %s".formatted(address - entry.getKey(), entry.getValue().name);
    throw new AssertionError(
        "%s of %d bytes at %#x, %s".formatted(write ? "write" : "read", size, address, where));
  }
}
