package io.github.tornadovit.kernels.execution;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The buffers of one plan: a {@code float[maxBatch rows columns]} for each buffer of a program. */
public final class HostBuffers {
  /** Elements of the longest array that every JVM can make. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final Map<Buffer, float[]> arrays = new HashMap<>();

  /**
   * Allocates every buffer of the program.
   *
   * @throws IllegalArgumentException if {@code maxBatch} is below 1 or a buffer would exceed the
   *     longest array; the message says the largest batch that fits
   */
  public HostBuffers(Program program, int maxBatch) {
    this(program.buffers(), maxBatch);
  }

  /**
   * Allocates buffers of no program.
   *
   * @throws IllegalArgumentException as the other constructor
   */
  public HostBuffers(Collection<Buffer> buffers, int maxBatch) {
    check(buffers, maxBatch);
    for (Buffer buffer : buffers) {
      arrays.put(buffer, new float[maxBatch * buffer.size()]);
    }
  }

  /** The array of a buffer of the program. */
  public float[] of(Buffer buffer) {
    float[] array = arrays.get(buffer);
    if (array == null) {
      throw new IllegalArgumentException("buffer " + buffer + " is not in this program");
    }
    return array;
  }

  private static void check(Collection<Buffer> buffers, int maxBatch) {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("batch is " + maxBatch + ", expected at least 1");
    }
    for (Buffer buffer : buffers) {
      long size = (long) buffer.rows() * buffer.columns();
      long fits = LONGEST_ARRAY / size;
      if (maxBatch > fits) {
        throw new IllegalArgumentException(
            "batch is %d, but buffer '%s' has %d elements per image and an array holds %d;"
                    .formatted(maxBatch, buffer.name(), size, LONGEST_ARRAY)
                + " the largest batch that fits is "
                + fits);
      }
    }
  }
}
