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
 * What TornadoVM offers in this JVM: the devices of all its back ends in one list, or why there are
 * none. It is asked once; a TornadoVM that failed to start never starts in that JVM.
 */
public final class TornadoDevices {
  /** Set by the flags that an SDK needs; absent, there is no runtime in this JVM. */
  private static final String RUNTIME_PROPERTY = "tornado.load.runtime.implementation";

  /** Set by the launcher to what is wrong with the SDK that the environment names. */
  private static final String SDK_PROBLEM_PROPERTY = "tornadovit.sdkProblem";

  /**
   * Unless false, TornadoVM answers a failed compilation by running the kernel as one Java thread.
   */
  private static final String FALLBACK_PROPERTY = "tornado.recover.bailout";

  /** What {@link #RUNTIME_PROPERTY} says where the emulator stands in for TornadoVM. */
  private static final String EMULATOR = "emulator";

  private static final Unusable EMULATED =
      new Unusable(
          "TornadoVM's emulator checks kernels and is no device",
          "set TORNADOVM_HOME to a TornadoVM SDK");

  /** Asks when it is first needed, and keeps the answer. */
  private static final class Once {
    static final TornadoDevices ANSWER = ask();
  }

  private final List<TornadoTarget> targets;
  private final @Nullable Unusable unusable;

  private TornadoDevices(List<TornadoTarget> targets, @Nullable Unusable unusable) {
    this.targets = List.copyOf(targets);
    this.unusable = unusable;
  }

  /**
   * What there is. Never fails; touches no class of TornadoVM in a JVM that was started without it,
   * and starts TornadoVM in one that was started with it.
   */
  public static TornadoDevices probe() {
    return Once.ANSWER;
  }

  /** Why the backend cannot be used here, or null if it can. */
  public @Nullable Unusable unusable() {
    return unusable;
  }

  /** Every device, each at its index; some may be listed although the backend cannot be used. */
  public List<DeviceDescription> descriptions() {
    return targets.stream().map(TornadoTarget::description).toList();
  }

  /**
   * The device that is taken unless one is named: a GPU before an accelerator before a CPU before
   * others; of one kind, one that is reached through PTX before CUDA before OpenCL; else the one
   * that TornadoVM lists first.
   *
   * @throws BackendException if there is none
   */
  public DeviceDescription best() {
    return target(null).description();
  }

  /**
   * The device to execute on. Tests execute on the emulator's.
   *
   * @param asked as {@link DeviceChoice#named} takes it, or null for the best
   * @throws BackendException if the backend cannot be used here or has no such device
   */
  TornadoTarget target(@Nullable String asked) {
    if (unusable != null && !unusable.equals(EMULATED)) {
      throw new BackendException("tornado", unusable.toString());
    }
    List<DeviceDescription> devices = descriptions();
    DeviceDescription device =
        asked == null ? DeviceChoice.best(devices) : DeviceChoice.named(devices, asked);
    return targets.get(device.index());
  }

  private static TornadoDevices ask() {
    String runtime = System.getProperty(RUNTIME_PROPERTY);
    if (runtime == null) {
      return none(absent(System.getProperty(SDK_PROBLEM_PROPERTY)));
    }
    Unusable flaw =
        runtime.equals(EMULATOR) ? EMULATED : wrongFallback(System.getProperty(FALLBACK_PROPERTY));
    List<String> backends = StartFailure.backendsInUse();
    Unusable driver = DriverCheck.problem(backends);
    if (driver != null) {
      return none(driver);
    }
    DeviceMemory.liftLimit();
    Unusable limit = DeviceMemory.wrongLimit();
    if (limit != null) {
      return none(limit);
    }
    try {
      List<TornadoTarget> found = DeviceThread.call(() -> enumerate(flaw));
      return found.isEmpty()
          ? none(
              new Unusable(
                  "TornadoVM has started and offers no device", "install the driver of your GPU"))
          : new TornadoDevices(found, flaw);
    } catch (BackendException failure) {
      return none(new StartFailure(backends).explain(Objects.requireNonNull(failure.getCause())));
    }
  }

  private static TornadoDevices none(Unusable unusable) {
    return new TornadoDevices(List.of(), unusable);
  }

  /**
   * No runtime in this JVM.
   *
   * @param sdkProblem what the launcher found wrong with the SDK that it was told to use, or null
   */
  static Unusable absent(@Nullable String sdkProblem) {
    return sdkProblem != null
        ? new Unusable(
            "this JVM was started without TornadoVM: " + sdkProblem,
            "correct that, or unset TORNADOVM_HOME")
        : new Unusable(
            "this JVM was started without TornadoVM",
            "set TORNADOVM_HOME to a TornadoVM SDK and use the tornado-vit launcher, or start java"
                + " with the flags that .mvn/tornado-flags.sh prints");
  }

  /**
   * A runtime that would hide a kernel that does not compile, or null if it would not.
   *
   * @param value of the property, or null if it is not set
   */
  static @Nullable Unusable wrongFallback(@Nullable String value) {
    String is = value == null ? "is not set" : "is '" + value + "'";
    return "false".equalsIgnoreCase(value)
        ? null
        : new Unusable(
            "%s %s, expected False: TornadoVM would run a kernel that does not compile as one Java"
                    .formatted(FALLBACK_PROPERTY, is)
                + " thread, and give wrong numbers",
            "start java with -D" + FALLBACK_PROPERTY + "=False");
  }

  private static List<TornadoTarget> enumerate(@Nullable Unusable flaw) {
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    List<TornadoTarget> targets = new ArrayList<>();
    for (int i = 0; i < runtime.getNumBackends(); i++) {
      TornadoBackend backend = runtime.getBackend(i);
      for (int j = 0; j < backend.getNumDevices(); j++) {
        TornadoDevice device = backend.getDevice(j);
        targets.add(new TornadoTarget(device, describe(device, targets.size(), flaw), j));
      }
    }
    return targets;
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

  private static DeviceKind kind(TornadoDeviceType type) {
    return switch (type) {
      case GPU -> DeviceKind.GPU;
      case CPU -> DeviceKind.CPU;
      case ACCELERATOR -> DeviceKind.ACCELERATOR;
      case FPGA -> DeviceKind.FPGA;
      case UNKNOWN, DEFAULT, CUSTOM, ALL -> DeviceKind.OTHER;
    };
  }
}
