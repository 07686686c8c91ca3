package io.github.tornadovit.kernels.backend;

import java.util.List;

/** A program ready to run on a device, with its buffers. For one thread at a time. */
public interface Plan extends AutoCloseable {

  /** The largest batch that {@link #run} takes; less than asked for where memory is short. */
  int maxBatch();

  /**
   * Runs the program.
   *
   * @param input {@code [batch, rows, columns]} of the program's input, row-major; may be longer
   * @param batch images in the input, 1 to {@link #maxBatch()}
   * @throws IllegalArgumentException if the batch or the input's length do not fit
   * @throws IllegalStateException if the plan or its backend was closed
   */
  Outputs run(float[] input, int batch);

  /**
   * Runs the program and takes the time of every operation, which makes the run slower.
   *
   * @param input as {@link #run} takes it
   * @param batch as {@link #run} takes it
   * @return one entry per operation, in order
   */
  List<KernelTime> profile(float[] input, int batch);

  /** Whether the device failed in a run: this plan never runs again, another one may. */
  default boolean isBroken() {
    return false;
  }

  /** Frees the plan's buffers. Idempotent. */
  @Override
  void close();
}
