package io.github.tornadovit.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import java.util.zip.CRC32C;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Checks that copies between host and device have happened. TornadoVM says nothing of one that has
 * not: it leaves what was there. So a pattern is there before, a NaN that no arithmetic makes.
 */
final class Arrival {
  /** A quiet NaN with a payload. */
  static final int PATTERN = 0x7fd0_5e1d;

  private static final OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;

  /** Bytes: a buffer of the JDK ends below 2 GiB. */
  private static final long PIECE = 1L << 30;

  private Arrival() {}

  /** Puts the pattern where a copy from the device goes. */
  static void expect(TornadoNativeArray array) {
    fill(array.getSegment());
  }

  private static void fill(MemorySegment elements) {
    for (long i = 0; i < elements.byteSize() / Integer.BYTES; i++) {
      elements.setAtIndex(WORD, i, PATTERN);
    }
  }

  /** Whether the pattern is gone from the first elements of an array. */
  static boolean came(TornadoNativeArray array, long elements) {
    MemorySegment got = array.getSegment();
    int left = 0;
    for (long i = 0; i < elements * array.getElementSize() / Integer.BYTES; i++) {
      left |= got.getAtIndex(WORD, i) == PATTERN ? 1 : 0;
    }
    return left == 0;
  }

  /** A checksum of what an array holds on the host. */
  static long checksum(TornadoNativeArray array) {
    CRC32C sum = new CRC32C();
    MemorySegment elements = array.getSegment();
    for (long from = 0; from < elements.byteSize(); from += PIECE) {
      long bytes = Math.min(PIECE, elements.byteSize() - from);
      sum.update(elements.asSlice(from, bytes).asByteBuffer());
    }
    return sum.getValue();
  }
}
