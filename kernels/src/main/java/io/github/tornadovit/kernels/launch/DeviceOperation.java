package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Buffer;
import java.util.List;

/**
 * An operation of a program as a kernel, or several, on a device. Its constructor says which
 * weights the kernel reads and in which layout; {@link #record} adds the kernel to a task graph,
 * once per batch size.
 */
public interface DeviceOperation {

  /** Kernels. */
  default int tasks() {
    return 1;
  }

  /** Buffers of the device that only this operation uses, from one of its kernels to the next. */
  default List<Buffer> scratch() {
    return List.of();
  }

  /** Adds its tasks, with their grids, for the recorder's batch. */
  void record(TaskRecorder recorder);
}
