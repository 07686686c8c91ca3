package io.github.tornadovit.kernels.backend;

import org.jspecify.annotations.Nullable;

/**
 * A device that TornadoVM offers, as its driver describes it.
 *
 * @param index its number in the list of all devices of all of TornadoVM's back ends, from 0
 * @param name the driver's name for it
 * @param kind what sort of processor it is
 * @param tornadoBackend the back end of TornadoVM that reaches it, in lower case: {@code opencl},
 *     {@code ptx} or {@code cuda}; one processor may be a device of several
 * @param platform the driver behind it
 * @param computeUnits multiprocessors or cores
 * @param memoryBytes device memory
 * @param maxAllocationBytes the largest buffer
 * @param maxWorkGroupSize the most work-items of a work-group
 * @param localMemoryBytes memory that a work-group shares
 * @param unusable why programs cannot be executed on it, or null if they can
 */
public record DeviceDescription(
    int index,
    String name,
    DeviceKind kind,
    String tornadoBackend,
    String platform,
    int computeUnits,
    long memoryBytes,
    long maxAllocationBytes,
    int maxWorkGroupSize,
    long localMemoryBytes,
    @Nullable Unusable unusable) {

  /** The device as that of the backend {@code tornado}. */
  public DeviceInfo info() {
    return new DeviceInfo("tornado", name + ", " + platform);
  }

  /** Number, name, kind and back end, for example {@code 0 'Tesla T4' (gpu, ptx)}. */
  @Override
  public String toString() {
    return "%d '%s' (%s, %s)".formatted(index, name, kind, tornadoBackend);
  }
}
