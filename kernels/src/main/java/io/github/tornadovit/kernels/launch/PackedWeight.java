package io.github.tornadovit.kernels.launch;

import java.lang.foreign.MemorySegment;

/**
 * Weights in the layout that a kernel reads. A value: what several kernels ask for alike is packed
 * once and lies on the device once.
 */
public interface PackedWeight {
  /** Bytes on the device, a multiple of 4. */
  long bytes();

  /** Whether the kernel reads ints, and not floats. */
  default boolean holdsInts() {
    return false;
  }

  /**
   * Packs.
   *
   * @param destination {@link #bytes()} zeros, to be written in native byte order
   */
  void writeTo(MemorySegment destination);
}
