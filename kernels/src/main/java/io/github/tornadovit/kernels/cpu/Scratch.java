package io.github.tornadovit.kernels.cpu;

/**
 * Memory that a worker may use within one task: an array per worker, as large as the most that any
 * prepared operation asked for. Contents do not outlive a task.
 */
public final class Scratch {
  private volatile float[][] arrays;

  Scratch(int workers) {
    arrays = new float[workers][0];
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

  /** The worker's array, for the current task. */
  public float[] of(int worker) {
    return arrays[worker];
  }
}
