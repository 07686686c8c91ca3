package io.github.tornadovit.kernels.execution;

import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The values of one plan: a {@code float[maxBatch size]} for each array of a {@link Storage}. */
public final class HostBuffers {
  /** Elements of the longest array that every JVM can make. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final Storage storage;
  private final List<float[]> arrays = new ArrayList<>();

  /**
   * Allocates every array.
   *
   * @throws IllegalArgumentException if {@code maxBatch} is below 1 or a value would exceed the
   *     longest array; the message says the largest batch that fits
   */
  public HostBuffers(Storage storage, int maxBatch) {
    check(storage.values(), maxBatch);
    this.storage = storage;
    storage.sizes().forEach(size -> arrays.add(new float[Math.toIntExact(maxBatch * size)]));
  }

  /**
   * The array in which a value lies, from index 0 on.
   *
   * @throws IllegalArgumentException if the storage has no such value
   */
  public float[] of(Buffer buffer) {
    return arrays.get(storage.array(buffer));
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
