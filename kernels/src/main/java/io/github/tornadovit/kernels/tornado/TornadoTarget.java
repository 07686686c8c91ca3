package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device to execute on, and what the kernels are chosen by: the one place that tells devices
 * apart.
 *
 * @param device TornadoVM's handle, for an execution plan; used on the {@link DeviceThread} only
 * @param description what its driver says of it
 */
record TornadoTarget(TornadoDevice device, DeviceDescription description) {

  /** The device's own name. */
  String name() {
    return description.name();
  }

  /** The driver behind it. */
  String platform() {
    return description.platform();
  }

  /** Whether it is a CPU device of OpenCL, which wants other kernels than a GPU. */
  boolean isCpu() {
    return description.kind() == DeviceKind.CPU;
  }

  /** Multiprocessors or cores. */
  int computeUnits() {
    return description.computeUnits();
  }

  /** Device memory. */
  long memoryBytes() {
    return description.memoryBytes();
  }
}
