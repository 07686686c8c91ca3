package io.github.tornadovit.kernels.backend;

import java.util.List;

/**
 * What there is to execute on, in this JVM on this machine.
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
}
