package io.github.tornadovit.engine.image.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checked reads from an encoded image: whatever lies beyond its end is a {@link
 * MalformedImageException} that says where the data ends. Offsets and lengths in bytes.
 */
public final class Bytes {
  private final byte[] data;

  public Bytes(byte[] data) {
    this.data = data;
  }

  /** The whole encoded image, not a copy. */
  public byte[] array() {
    return data;
  }

  public int length() {
    return data.length;
  }

  /** Fails unless {@code count} bytes are there from {@code offset} on. */
  public void require(long offset, long count) throws MalformedImageException {
    if (offset < 0 || count < 0 || offset > data.length - count) {
      throw new MalformedImageException(
          "is truncated: it ends at byte "
              + data.length
              + ", expected "
              + count
              + " bytes at byte "
              + offset);
    }
  }

  public int u8(long offset) throws MalformedImageException {
    require(offset, 1);
    return data[(int) offset] & 0xFF;
  }

  public int u16BigEndian(long offset) throws MalformedImageException {
    return u8(offset) << 8 | u8(offset + 1);
  }

  public int u16LittleEndian(long offset) throws MalformedImageException {
    return u8(offset) | u8(offset + 1) << 8;
  }

  public int u24LittleEndian(long offset) throws MalformedImageException {
    return u16LittleEndian(offset) | u8(offset + 2) << 16;
  }

  public int i32BigEndian(long offset) throws MalformedImageException {
    return u16BigEndian(offset) << 16 | u16BigEndian(offset + 2);
  }

  public int i32LittleEndian(long offset) throws MalformedImageException {
    return u16LittleEndian(offset) | u16LittleEndian(offset + 2) << 16;
  }

  public long u32BigEndian(long offset) throws MalformedImageException {
    return Integer.toUnsignedLong(i32BigEndian(offset));
  }

  public long u32LittleEndian(long offset) throws MalformedImageException {
    return Integer.toUnsignedLong(i32LittleEndian(offset));
  }

  /** Whether the bytes from {@code offset} on are those of an ASCII string. */
  public boolean startsWith(long offset, String ascii) {
    byte[] expected = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (offset < 0 || offset > data.length - expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (data[(int) offset + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** A copy of a range. */
  public byte[] copy(long offset, long count) throws MalformedImageException {
    require(offset, count);
    return Arrays.copyOfRange(data, (int) offset, (int) (offset + count));
  }
}
