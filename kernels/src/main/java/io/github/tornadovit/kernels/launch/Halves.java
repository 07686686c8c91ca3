package io.github.tornadovit.kernels.launch;

import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/**
 * Where a kernel writes its output: as float32, or rounded to float16 for a product that multiplies
 * in it. A kernel has an array for either; the one that it does not write is {@linkplain
 * TaskRecorder#halves nobody's}, and which one that is a scalar argument says, burnt in, so that
 * the kernel has code for one.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class Halves {
  private Halves() {}

  /**
   * Writes an element.
   *
   * @param toHalves 1 for float16, to the nearest, ties to even; 0 for float32
   */
  public static void store(FloatArray y, HalfFloatArray halves, int at, float value, int toHalves) {
    if (toHalves == 1) {
      halves.set(at, new HalfFloat(value));
    } else {
      y.set(at, value);
    }
  }

  /** Bytes of an element. */
  public static int bytes(boolean half) {
    return half ? Short.BYTES : Float.BYTES;
  }
}
