package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses a backend, and explains the choice. */
public final class Backends {
  private static final String BY_NAME = "asked for by name";
  private static final String GPU = "TornadoVM offers a GPU";

  private Backends() {}

  /**
   * Opens the backend that the user asks for.
   *
   * <p>AUTO with a device is TORNADO with that device. AUTO without one takes the device that is
   * {@linkplain TornadoVm#best() best} if it is a GPU, and else the CPU backend: TornadoVM on the
   * cores of the host is slower than the Vector API. It never takes the emulator.
   *
   * @param choice which
   * @param threads of the CPU backend, 0 for one per available processor
   * @param device of TornadoVM: its number in {@link BackendOverview#devices()}, or a part of its
   *     name or kind in any case; null for the best one
   * @throws IllegalArgumentException if a device is named for a backend that has none to choose
   * @throws BackendException if a named backend or device cannot be used here
   */
  public static BackendSelection select(
      BackendChoice choice, int threads, @Nullable String device) {
    requireDeviceChoice(choice, device);
    return switch (choice) {
      case REFERENCE -> new BackendSelection(new ReferenceBackend(), BY_NAME);
      case CPU -> new BackendSelection(new CpuBackend(threads), BY_NAME);
      case TORNADO -> new BackendSelection(new TornadoBackend(device), BY_NAME);
      case AUTO ->
          device == null
              ? automatic(threads)
              : new BackendSelection(new TornadoBackend(device), "device " + BY_NAME);
    };
  }

  /**
   * Opens the backend that the user asks for, if it multiplies in a precision. AUTO takes the only
   * backend that has one other than F32: TornadoVM's best device for F16, else the CPU.
   *
   * @throws IllegalArgumentException as {@link #requirePrecision}, and as the other
   * @throws BackendException as the other, and if nothing here multiplies in the precision
   */
  public static BackendSelection select(
      BackendChoice choice, int threads, @Nullable String device, Precision precision) {
    requirePrecision(choice, device, precision);
    BackendSelection selection =
        choice == BackendChoice.AUTO && device == null
            ? automatic(threads, precision)
            : select(choice, threads, device);
    try {
      selection.backend().device(precision);
    } catch (BackendException lacking) {
      selection.backend().close();
      throw lacking;
    }
    return selection;
  }

  /**
   * Refuses a precision that a backend or device does not have.
   *
   * @throws IllegalArgumentException with what has it
   */
  public static void requirePrecision(
      BackendChoice choice, @Nullable String device, Precision precision) {
    switch (precision) {
      case F32 -> {}
      case BF16, INT8 -> {
        if (choice == BackendChoice.TORNADO || device != null) {
          throw new IllegalArgumentException(
              "precision is %s, which devices of TornadoVM do not have; use backend cpu, or precision f32"
                  .formatted(precision.label()));
        }
      }
      case F16 -> {
        if (choice == BackendChoice.CPU) {
          throw new IllegalArgumentException(
              "precision is f16, which the cpu does not have; use backend tornado with an NVIDIA"
                  + " device, or precision f32");
        }
      }
    }
  }

  /**
   * Refuses a device for a backend that runs on the host.
   *
   * @throws IllegalArgumentException if the choice is CPU or REFERENCE and the device is not null
   */
  public static void requireDeviceChoice(BackendChoice choice, @Nullable String device) {
    if (device != null && (choice == BackendChoice.CPU || choice == BackendChoice.REFERENCE)) {
      throw new IllegalArgumentException(
          "device is '%s' and backend is %s, which runs on the host; use backend tornado or auto"
              .formatted(device, choice));
    }
  }

  private static BackendSelection automatic(int threads, Precision precision) {
    return switch (precision) {
      case F32 -> automatic(threads);
      case BF16, INT8 ->
          new BackendSelection(
              new CpuBackend(threads), "auto: %s runs on the cpu".formatted(precision.label()));
      case F16 -> {
        Unusable unusable = TornadoVm.ofThisJvm().unusable();
        if (unusable != null) {
          throw new BackendException(
              "tornado", "f16 needs an NVIDIA device through TornadoVM: " + unusable);
        }
        yield new BackendSelection(new TornadoBackend(), "auto: f16 runs on tensor cores");
      }
    };
  }

  private static BackendSelection automatic(int threads) {
    TornadoVm tornado = TornadoVm.ofThisJvm();
    String reason = reasonAgainstGpu(tornado);
    return reason == null
        ? new BackendSelection(
            new TornadoBackend(Integer.toString(tornado.best().index())), "auto: " + GPU)
        : new BackendSelection(new CpuBackend(threads), "auto: " + reason);
  }

  /**
   * Asks TornadoVM to keep the generated source of every kernel in a file, for {@link
   * TornadoBackend#writeKernelSources}. It reads this once, when it starts: call it before any
   * backend is opened.
   */
  public static void keepKernelSources(Path file) {
    TornadoVm.ofThisJvm().keepKernelSources(file);
  }

  /**
   * AUTO's choice after the device that it took could not run a program.
   *
   * @param threads of the CPU backend, 0 for one per available processor
   * @param failure of the device; its message becomes the reason
   */
  public static BackendSelection afterFailure(int threads, BackendException failure) {
    return new BackendSelection(new CpuBackend(threads), "auto: " + failure.getMessage());
  }

  /** AUTO's decision: null to take TornadoVM's best device, or why the CPU backend is taken. */
  private static @Nullable String reasonAgainstGpu(TornadoVm tornado) {
    Unusable unusable = tornado.unusable();
    if (unusable != null) {
      return unusable.problem();
    }
    DeviceDescription best = tornado.best();
    return best.kind() == DeviceKind.GPU
        ? null
        : "TornadoVM offers no GPU, the best it has is " + best;
  }

  private static BackendStatus status(Backend backend, BackendChoice choice) {
    return new BackendStatus(
        choice.toString(),
        backend.device().name(),
        null,
        Arrays.stream(Precision.values())
            .map(precision -> PrecisionStatus.of(choice, precision, backend::device))
            .toList());
  }

  /** Of TornadoVM's best device, which is not opened for it. */
  private static List<PrecisionStatus> precisionsOf(TornadoVm tornado) {
    return Arrays.stream(Precision.values())
        .map(precision -> PrecisionStatus.of(BackendChoice.TORNADO, precision, tornado::best))
        .toList();
  }

  /** Whether a device multiplies in a precision. */
  public static PrecisionStatus precision(DeviceDescription device, Precision precision) {
    TornadoVm tornado = TornadoVm.ofThisJvm();
    return PrecisionStatus.of(
        BackendChoice.TORNADO, precision, one -> tornado.device(device.index(), one));
  }

  /**
   * Lists every backend and every device, and what AUTO takes. Never fails for want of a backend;
   * starts TornadoVM if this JVM was started with it, which takes a second or two.
   */
  public static BackendOverview overview() {
    TornadoVm tornado = TornadoVm.ofThisJvm();
    List<BackendStatus> backends = new ArrayList<>();
    DeviceInfo cpuDevice;
    try (ReferenceBackend reference = new ReferenceBackend();
        CpuBackend cpu = new CpuBackend()) {
      cpuDevice = cpu.device();
      backends.add(status(reference, BackendChoice.REFERENCE));
      backends.add(status(cpu, BackendChoice.CPU));
    }
    Unusable unusable = tornado.unusable();
    backends.add(
        new BackendStatus(
            "tornado",
            unusable == null ? tornado.best().info().name() : null,
            unusable,
            unusable == null ? precisionsOf(tornado) : List.of()));
    String reason = reasonAgainstGpu(tornado);
    return reason == null
        ? new BackendOverview(backends, tornado.devices(), tornado.best().info(), GPU)
        : new BackendOverview(backends, tornado.devices(), cpuDevice, reason);
  }
}
