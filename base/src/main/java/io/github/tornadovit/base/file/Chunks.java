package io.github.tornadovit.base.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Hands the bytes of a segment to what takes arrays. Given the mapping itself, {@link
 * java.util.zip.CRC32} reads it in code that the JVM does not guard: a file that is cut short
 * meanwhile ends the process. A copy is guarded: it fails with an {@link InternalError}.
 */
public final class Chunks {
  private static final int BYTES = 1 << 18;

  private Chunks() {}

  /** Takes some bytes. */
  public interface Taker {
    /** Takes the first {@code count} elements; the array is used again. */
    void take(byte[] bytes, int count);
  }

  /** Hands over all bytes, in order. */
  public static void of(MemorySegment bytes, Taker taker) {
    byte[] chunk = new byte[(int) Math.min(BYTES, bytes.byteSize())];
    for (long first = 0; first < bytes.byteSize(); first += chunk.length) {
      int count = (int) Math.min(chunk.length, bytes.byteSize() - first);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, first, chunk, 0, count);
      taker.take(chunk, count);
    }
  }

  /** Whether these bytes stand there; false where the segment ends before. */
  public static boolean startsWith(MemorySegment bytes, long offset, byte[] expected) {
    if (bytes.byteSize() < offset + expected.length) {
      return false;
    }
    byte[] found = bytes.asSlice(offset, expected.length).toArray(ValueLayout.JAVA_BYTE);
    return Arrays.equals(found, expected);
  }
}
