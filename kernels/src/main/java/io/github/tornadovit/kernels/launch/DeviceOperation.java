package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;

/**
 * An operation of a program as a kernel, or several, on a device; {@link #record} adds it to a task
 * graph, once per batch size.
 */
public interface DeviceOperation {

  /** The weights that it reads. */
  default List<PackedWeight> weights() {
    return List.of();
  }

  /** Kernels. */
  default int tasks() {
    return 1;
  }

  /** The most arguments that a kernel of it has. */
  default int arguments() {
    return 13;
  }

  /** Buffers of the device that only this operation uses, from one of its kernels to the next. */
  default List<Buffer> scratch() {
    return List.of();
  }

  /**
   * Its launches for a batch, in order.
   *
   * @param tiling of the device
   */
  List<Launch> launches(int batch, Tiling tiling);

  /** Adds a task for each of its {@linkplain #launches launches}, for the recorder's batch. */
  void record(TaskRecorder recorder);
}
