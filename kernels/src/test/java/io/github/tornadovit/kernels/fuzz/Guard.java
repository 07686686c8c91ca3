package io.github.tornadovit.kernels.fuzz;

import java.util.Arrays;
import org.junit.jupiter.api.Assertions;

/**
 * What lies around the values of a case: NaNs of one bit pattern. A read of one spoils the result,
 * a write changes the pattern.
 */
public final class Guard {
  /** A quiet NaN that no arithmetic makes by itself. */
  public static final float VALUE = Float.intBitsToFloat(0x7fc5a5a5);

  private Guard() {}

  /** An array of guards. */
  public static float[] array(int length) {
    float[] array = new float[length];
    Arrays.fill(array, VALUE);
    return array;
  }

  /** Guards up to an offset, then values, then guards. */
  static float[] around(int before, float[] values, int after) {
    float[] array = array(before + values.length + after);
    System.arraycopy(values, 0, array, before, values.length);
    return array;
  }

  /** Fails unless elements are, bit for bit, what they were. */
  public static void checkUnchanged(String what, float[] now, float[] before, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Float.floatToRawIntBits(now[i]) != Float.floatToRawIntBits(before[i])) {
        Assertions.fail(
            "%s was written at %d of %d: %s, was %s"
                .formatted(what, i, now.length, text(now[i]), text(before[i])));
      }
    }
  }

  private static String text(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits == Float.floatToRawIntBits(VALUE)
        ? "the guard"
        : "%s (%08x)".formatted(value, bits);
  }
}
