package io.github.tornadovit.kernels.backend;

import java.util.List;

/**
 * The backends and devices of this JVM on this machine.
 *
 * @param backends every backend, usable or not
 * @param devices every device that TornadoVM offers, each at its {@linkplain
 *     DeviceDescription#index() index}; empty without TornadoVM
 * @param automatic the backend that {@link BackendChoice#AUTO} takes
 * @param automaticReason why, in one clause; the selection's reason says the same
 */
public record BackendOverview(
    List<BackendStatus> backends,
    List<DeviceDescription> devices,
    DeviceInfo automatic,
    String automaticReason) {

  /** Copies the lists. */
  public BackendOverview {
    backends = List.copyOf(backends);
    devices = List.copyOf(devices);
  }

  /**
   * A backend and whether it can be used.
   *
   * @throws IllegalArgumentException for {@link BackendChoice#AUTO}, which is none
   */
  public BackendStatus status(BackendChoice backend) {
    return backends.stream()
        .filter(status -> status.backend().equals(backend.toString()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(backend + " is no backend of its own"));
  }

  /** The devices that programs can be executed on. */
  public List<DeviceDescription> usableDevices() {
    return devices.stream().filter(device -> device.unusable() == null).toList();
  }
}
