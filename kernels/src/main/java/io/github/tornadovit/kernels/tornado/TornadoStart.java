package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import io.github.tornadovit.kernels.backend.Unusable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The outcome of starting TornadoVM: the devices of all its back ends in one list, or why there are
 * none.
 *
 * @param targets each at its index; some may be listed although none can be used
 * @param unusable why none can be used, or null
 */
record TornadoStart(List<TornadoTarget> targets, @Nullable Unusable unusable) {
  private static final Unusable EMULATED =
      new Unusable(
          "TornadoVM's emulator checks kernels and is no device",
          "set TORNADOVM_HOME to a TornadoVM SDK");

  TornadoStart {
    targets = List.copyOf(targets);
  }

  private static TornadoStart none(Unusable unusable) {
    return new TornadoStart(List.of(), unusable);
  }

  /**
   * Starts TornadoVM, if this JVM has one and nothing is in its way. Never fails; touches no class
   * of TornadoVM in a JVM that was started without it.
   *
   * @param thread all of TornadoVM's own work is done on it
   */
  static TornadoStart attempt(DeviceThread thread) {
    if (!TornadoProperties.hasRuntime()) {
      return none(absent(TornadoProperties.sdkProblem()));
    }
    Unusable flaw = TornadoProperties.isEmulated() ? EMULATED : TornadoProperties.wrongFallback();
    List<TornadoDriver> backends = TornadoDriver.inUse();
    Unusable driver = DriverCheck.problem(backends);
    if (driver != null) {
      return none(driver);
    }
    TornadoProperties.liftMemoryLimit();
    Unusable limit = TornadoProperties.wrongMemoryLimit();
    if (limit != null) {
      return none(limit);
    }
    List<TornadoTarget> found = new ArrayList<>();
    try {
      thread.finish(() -> enumerate(flaw, found));
    } catch (BackendException failure) {
      return none(new StartFailure(backends).explain(Objects.requireNonNull(failure.getCause())));
    }
    return found.isEmpty()
        ? none(
            new Unusable(
                "TornadoVM has started and offers no device", "install the driver of your GPU"))
        : new TornadoStart(found, flaw);
  }

  /**
   * No runtime in this JVM.
   *
   * @param sdkProblem what the launcher found wrong with the SDK that it was told to use, or null
   */
  private static Unusable absent(@Nullable String sdkProblem) {
    return sdkProblem != null
        ? new Unusable(
            "this JVM was started without TornadoVM: " + sdkProblem,
            "correct that, or unset TORNADOVM_HOME")
        : new Unusable(
            "this JVM was started without TornadoVM",
            "set TORNADOVM_HOME to a TornadoVM SDK and use the tornado-vit launcher, or start java"
                + " with the flags that .mvn/tornado-flags.sh prints");
  }

  private static void enumerate(@Nullable Unusable flaw, List<TornadoTarget> targets) {
    TornadoRelease.requireSameApi();
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    for (int i = 0; i < runtime.getNumBackends(); i++) {
      TornadoBackend backend = runtime.getBackend(i);
      for (int j = 0; j < backend.getNumDevices(); j++) {
        TornadoDevice device = backend.getDevice(j);
        targets.add(new TornadoTarget(device, describe(device, targets.size(), flaw), j));
      }
    }
  }

  private static DeviceDescription describe(
      TornadoDevice device, int index, @Nullable Unusable flaw) {
    TornadoTargetDevice driver = device.getPhysicalDevice();
    return new DeviceDescription(
        index,
        driver.getDeviceName().strip(),
        kind(device.getDeviceType()),
        device.getTornadoVMBackend().name().toLowerCase(Locale.ROOT),
        device.getPlatformName().strip(),
        driver.getDeviceMaxComputeUnits(),
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory(),
        driver.getMaxThreadsPerBlock(),
        device.getDeviceLocalMemorySize(),
        flaw);
  }

  /** By name: later lines of TornadoVM have fewer of them. */
  private static DeviceKind kind(TornadoDeviceType type) {
    return switch (type.name()) {
      case "GPU" -> DeviceKind.GPU;
      case "CPU" -> DeviceKind.CPU;
      case "ACCELERATOR" -> DeviceKind.ACCELERATOR;
      case "FPGA" -> DeviceKind.FPGA;
      default -> DeviceKind.OTHER;
    };
  }
}
