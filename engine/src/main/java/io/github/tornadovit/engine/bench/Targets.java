package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.Unusable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the backends and devices to measure. */
final class Targets {
  private Targets() {}

  /**
   * The options of every target: one per backend, of TornadoVM one per usable device.
   *
   * @param skipped gets the backends that cannot be used and were not named
   */
  static List<ModelOptions> of(
      BenchOptions options, BackendOverview overview, List<Skipped> skipped) {
    ModelOptions base = ModelOptions.defaults().withThreads(options.threads());
    boolean named = !options.backends().isEmpty();
    List<BackendChoice> backends =
        named ? options.backends() : List.of(BackendChoice.CPU, BackendChoice.TORNADO);
    List<ModelOptions> targets = new ArrayList<>();
    for (BackendChoice backend : backends) {
      for (Precision precision : options.precisions()) {
        BackendChoice only = only(precision);
        if (only != null && backend != only) {
          skipped.add(
              new Skipped(
                  backend.toString(),
                  "%s is measured on the %s".formatted(precision.label(), only)));
          continue;
        }
        ModelOptions target = base.withBackend(backend).withPrecision(precision);
        List<DeviceDescription> devices =
            backend == BackendChoice.TORNADO ? overview.usableDevices() : List.of();
        for (DeviceDescription device : devices) {
          targets.add(target.withDevice(Integer.toString(device.index())));
        }
        if (devices.isEmpty()) {
          if (named || backend != BackendChoice.TORNADO) {
            // One that is named and cannot be used fails when it is opened, and says why.
            targets.add(target);
          } else {
            skipped.add(new Skipped("tornado", reason(overview)));
          }
        }
      }
    }
    return targets;
  }

  /** The only backend that computes fast in a precision; null for any. */
  private static @Nullable BackendChoice only(Precision precision) {
    return switch (precision) {
      case F32 -> null;
      case BF16, INT8 -> BackendChoice.CPU;
      case F16 -> BackendChoice.TORNADO;
    };
  }

  private static String reason(BackendOverview overview) {
    Unusable unusable = overview.status(BackendChoice.TORNADO).unusable();
    return unusable == null ? "it has no usable device" : unusable.toString();
  }

  /** The arguments that choose the target on the command line. */
  static String arguments(ModelOptions target) {
    String device = target.device();
    String precision =
        target.precision() == Precision.F32 ? "" : " --precision " + target.precision().label();
    return "--backend "
        + target.backend()
        + (device == null ? "" : " --device " + device)
        + precision;
  }
}
