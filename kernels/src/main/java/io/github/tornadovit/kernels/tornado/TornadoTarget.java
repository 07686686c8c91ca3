package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.launch.Tiling;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device to execute on, and what tiles are chosen by.
 *
 * @param device TornadoVM's handle, for an execution plan; used on the {@link DeviceThread} only
 * @param description what its driver says of it
 * @param ordinal its number among the devices of its back end of TornadoVM
 * @param tiling that chooses tiles for it
 * @param use what this JVM has on it
 */
record TornadoTarget(
    TornadoDevice device,
    DeviceDescription description,
    int ordinal,
    Tiling tiling,
    DeviceUse use) {
  /**
   * Device memory that is left alone where the driver says how much is free: for the code of
   * kernels, and for what else the driver allocates.
   */
  private static final long MARGIN = 64L << 20;

  /** A device as it is. */
  TornadoTarget(TornadoDevice device, DeviceDescription description, int ordinal) {
    this(device, description, ordinal, Tiling.of(description.computeUnits()), new DeviceUse());
  }

  /** The device with other tiles. */
  TornadoTarget with(Tiling otherTiling) {
    return new TornadoTarget(device, description, ordinal, otherTiling, use);
  }

  /**
   * The device as what multiplies in a precision.
   *
   * @throws BackendException if it does not, with what does
   */
  DeviceInfo device(Precision precision) {
    DeviceInfo device = description.info();
    return switch (precision) {
      case F32 -> device;
      case F16 -> {
        String missing = TensorCores.missing(this);
        if (missing != null) {
          throw new BackendException(
              "tornado",
              "f16 needs tensor cores, which device '%s' does not offer: %s; use precision f32"
                  .formatted(name(), missing));
        }
        yield new DeviceInfo(device.backend(), "f16 on tensor cores: " + device.name());
      }
      case BF16, INT8 ->
          throw new BackendException(
              "tornado",
              "no kernel multiplies in %s, which runs on the backend cpu"
                  .formatted(precision.label()));
    };
  }

  /** The device's own name. */
  String name() {
    return description.name();
  }

  /**
   * Bytes of the device that nobody has taken: no plan of this JVM and, where the driver can be
   * asked, nobody else. On the device's thread.
   */
  long freeBytes() {
    long memory = Math.min(description.memoryBytes(), TornadoProperties.memoryLimit());
    return Math.min(memory - use.bytes(), driverFreeBytes().orElse(Long.MAX_VALUE));
  }

  /** Whether NVIDIA's driver reaches it. */
  boolean isCuda() {
    return TornadoDriver.of(description.tornadoBackend())
        .filter(TornadoDriver::isNvidia)
        .isPresent();
  }

  /** Whether its back end compiles the last task of a graph also where its code is there. */
  boolean compilesLastTaskAlways() {
    return TornadoDriver.of(description.tornadoBackend())
        .filter(TornadoDriver::compilesLastTaskAlways)
        .isPresent();
  }

  /** Memory that the driver has free for arrays now, where it says. */
  private OptionalLong driverFreeBytes() {
    OptionalLong free =
        isCuda() ? CudaDriver.freeBytes(ordinal) : OpenClDriver.freeBytes(description.name());
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
