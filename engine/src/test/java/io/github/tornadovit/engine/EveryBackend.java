package io.github.tornadovit.engine;

import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.Backends;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * What tests run models on: reference, cpu, and tornado on every device of the SDK in use. Without
 * an SDK that is the emulator's first device, since the emulator takes its time.
 */
final class EveryBackend {
  private EveryBackend() {}

  /** Options for each, with two threads. */
  static Stream<Named<ModelOptions>> options() {
    return Stream.concat(Stream.of(options(BackendChoice.REFERENCE)), fast());
  }

  /** Options for each but the reference. */
  static Stream<Named<ModelOptions>> fast() {
    return Stream.concat(Stream.of(options(BackendChoice.CPU)), tornado());
  }

  /** Options for each device. Where TornadoVM does not start, for one that says why. */
  private static Stream<Named<ModelOptions>> tornado() {
    BackendOverview overview = Backends.overview();
    Named<ModelOptions> best = options(BackendChoice.TORNADO);
    return overview.backends().stream().allMatch(status -> status.unusable() == null)
        ? overview.devices().stream()
            .map(
                device ->
                    Named.of(
                        "tornado, device " + device,
                        best.getPayload().withDevice(Integer.toString(device.index()))))
        : Stream.of(best);
  }

  private static Named<ModelOptions> options(BackendChoice backend) {
    return Named.of(
        backend.toString(), ModelOptions.defaults().withBackend(backend).withThreads(2));
  }
}
