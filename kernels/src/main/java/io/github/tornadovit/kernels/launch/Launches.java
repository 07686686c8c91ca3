package io.github.tornadovit.kernels.launch;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Counts launches on the device. TornadoVM looks at no return code of a driver: a launch that fails
 * leaves its output as it was, and what comes after computes with that. So each kernel counts
 * itself, and a run whose count is not that of its tasks is a failure.
 *
 * <p>Launches of a plan follow one another, so that one thread of each needs no atomic operation.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class Launches {
  /** Elements of the array: the count, and the number of the run that it is of. */
  public static final int SIZE = 2;

  private Launches() {}

  /**
   * Counts this launch. Every kernel begins with it. Asks for the numbers that kernels compute with
   * anyway: for global ones ptxas takes 146 registers instead of 128 in the matrix product. Groups
   * have one work-item along y and z.
   */
  public static void count(KernelContext context, IntArray launches) {
    if (context.localIdx + context.groupIdx + context.groupIdy + context.groupIdz == 0) {
      launches.set(0, launches.get(0) + 1);
    }
  }

  /**
   * The kernel before those of a run: takes over the number of the run, which came to the device
   * with the input, and begins to count.
   *
   * @param input with the number as its last element
   * @param last index of it
   */
  public static void begin(KernelContext context, IntArray launches, FloatArray input, int last) {
    if (context.globalIdx == 0) {
      launches.set(0, 1);
      launches.set(1, (int) input.get(last));
    }
  }
}
