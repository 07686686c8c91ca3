package io.github.tornadovit.kernels.launch;

/**
 * An operation of a program as a kernel on a device. Its constructor says which weights the kernel
 * reads and in which layout; {@link #record} adds the kernel to a task graph, once per batch size.
 */
public interface DeviceOperation {

  /** Adds one task, with its grid, for the recorder's batch. */
  void record(TaskRecorder recorder);
}
