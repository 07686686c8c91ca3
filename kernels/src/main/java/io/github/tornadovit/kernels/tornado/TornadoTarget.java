package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.DeviceDescription;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device to execute on, and what tiles are chosen by.
 *
 * @param device TornadoVM's handle, for an execution plan; used on the {@link DeviceThread} only
 * @param description what its driver says of it
 * @param computeUnits multiprocessors or cores that tiles are chosen for
 */
record TornadoTarget(TornadoDevice device, DeviceDescription description, int computeUnits) {

  /** A device as it is. */
  TornadoTarget(TornadoDevice device, DeviceDescription description) {
    this(device, description, description.computeUnits());
  }

  /** The device as if it had one multiprocessor, so that small products take large tiles. */
  TornadoTarget asOneUnit() {
    return new TornadoTarget(device, description, 1);
  }

  /** The device's own name. */
  String name() {
    return description.name();
  }

  /** Device memory that TornadoVM lets plans have. */
  long memoryBytes() {
    return Math.min(description.memoryBytes(), DeviceMemory.limit());
  }

  /** The largest buffer. */
  long maxAllocationBytes() {
    return description.maxAllocationBytes();
  }
}
