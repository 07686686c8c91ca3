package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.DeviceDescription;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device to execute on, and what tiles are chosen by.
 *
 * @param device TornadoVM's handle, for an execution plan; used on the {@link DeviceThread} only
 * @param description what its driver says of it
 * @param ordinal its number among the devices of its back end of TornadoVM
 * @param computeUnits multiprocessors or cores that tiles are chosen for
 */
record TornadoTarget(
    TornadoDevice device, DeviceDescription description, int ordinal, int computeUnits) {
  /**
   * Device memory that is left alone where the driver says how much is free: for the code of
   * kernels, and for what else the driver allocates.
   */
  private static final long MARGIN = 64L << 20;

  /** A device as it is. */
  TornadoTarget(TornadoDevice device, DeviceDescription description, int ordinal) {
    this(device, description, ordinal, description.computeUnits());
  }

  /** The device as if it had one multiprocessor, so that small products take large tiles. */
  TornadoTarget asOneUnit() {
    return new TornadoTarget(device, description, ordinal, 1);
  }

  /** The device's own name. */
  String name() {
    return description.name();
  }

  /** Device memory that TornadoVM lets plans have. */
  long memoryBytes() {
    return Math.min(description.memoryBytes(), DeviceMemory.limit());
  }

  /** Whether NVIDIA's driver reaches it. */
  boolean isCuda() {
    return description.tornadoBackend().equals("ptx")
        || description.tornadoBackend().equals("cuda");
  }

  /** Memory that the driver has free for arrays now, where it says. On the device's thread. */
  OptionalLong driverFreeBytes() {
    OptionalLong free = isCuda() ? CudaDriver.freeBytes(ordinal) : OptionalLong.empty();
    return free.isPresent() ? OptionalLong.of(Math.max(0, free.getAsLong() - MARGIN)) : free;
  }

  /** The error that the driver keeps for the device, or null. On the device's thread. */
  @Nullable String driverError() {
    return isCuda() ? CudaDriver.error() : null;
  }

  /** The largest buffer. */
  long maxAllocationBytes() {
    return description.maxAllocationBytes();
  }
}
