package io.github.tornadovit.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Whether copies between host and device have happened. TornadoVM says nothing of one that has not:
 * it leaves what was there. So a pattern is there before, a NaN that no arithmetic makes.
 */
final class Arrival {
  /** A quiet NaN with a payload. */
  static final int PATTERN = 0x7fd0_5e1d;

  private static final OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;

  /** Elements that are copied back at a time to show that they are there. */
  private static final int ELEMENTS = 1 << 20;

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
    for (long i = 0; i < elements; i++) {
      left |= got.getAtIndex(WORD, i) == PATTERN ? 1 : 0;
    }
    return left == 0;
  }

  /**
   * Whether an array is on the device with its contents: it comes back as it is. No kernel is
   * needed for it, which would end the process if the array had no memory there.
   *
   * @param result of the graph that brought the array and keeps it
   */
  static boolean isThere(TornadoExecutionResult result, TornadoNativeArray array) {
    boolean there = true;
    for (int from = 0; from < array.getSize(); from += ELEMENTS) {
      int count = Math.min(ELEMENTS, array.getSize() - from);
      there &= isThere(result, array, from, count);
    }
    return there;
  }

  private static boolean isThere(
      TornadoExecutionResult result, TornadoNativeArray array, int from, int count) {
    MemorySegment part =
        array.getSegment().asSlice((long) from * Integer.BYTES, (long) count * Integer.BYTES);
    int[] sent = part.toArray(WORD);
    fill(part);
    result.transferToHost(new DataRange(array).withOffset(from).withSize(count));
    boolean same = part.mismatch(MemorySegment.ofArray(sent)) < 0;
    MemorySegment.copy(sent, 0, part, WORD, 0, sent.length);
    return same;
  }
}
