package io.github.tornadovit.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Memory that a worker may use within one task: an array per worker, and memory for codes, as large
 * as the most that any prepared operation asked for. Contents do not outlive a task.
 */
public final class Scratch {
  private volatile float[][] arrays;
  private volatile MemorySegment[] codes;

  Scratch(int workers) {
    arrays = new float[workers][0];
    codes = new MemorySegment[workers];
    Arrays.fill(codes, MemorySegment.NULL);
  }

  /** Makes sure that every worker has so many elements; called when an operation is prepared. */
  public synchronized void reserve(int elements) {
    if (arrays[0].length < elements) {
      float[][] larger = new float[arrays.length][];
      for (int worker = 0; worker < larger.length; worker++) {
        larger[worker] = new float[elements];
      }
      // A task that runs meanwhile keeps the smaller array, which is large enough for it.
      arrays = larger;
    }
  }

  /** Makes sure that every worker has so many bytes for codes. */
  public synchronized void reserveCodes(long bytes) {
    if (codes[0].byteSize() < bytes) {
      MemorySegment[] larger = new MemorySegment[codes.length];
      Arrays.setAll(larger, worker -> CacheLines.room(bytes));
      codes = larger;
    }
  }

  /** The worker's memory for codes, from a whole cache line on, for the current task. */
  public MemorySegment codes(int worker) {
    return codes[worker];
  }

  /** The worker's array, for the current task. */
  public float[] of(int worker) {
    return arrays[worker];
  }
}
