package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.BackendStatus;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.PrecisionStatus;
import io.github.tornadovit.kernels.backend.Unusable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The drivers of GPUs, the backends and the devices behind them. */
final class DriverChecks {
  private static final String SECTION = "devices";
  private static final Path VENDORS = Path.of("/etc/OpenCL/vendors");
  private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");

  private DriverChecks() {}

  static List<Finding> run(Question question, BackendOverview overview) {
    List<Finding> findings = new ArrayList<>();
    findings.add(loader("OpenCL loader", "libOpenCL.so.1"));
    findings.add(Finding.ok(SECTION, "OpenCL drivers", vendors()));
    findings.add(loader("CUDA driver", "libcuda.so.1"));
    findings.add(Finding.ok(SECTION, "NVIDIA kernel driver", nvidia()));
    for (BackendStatus status : overview.backends()) {
      findings.add(backend(status, question));
    }
    for (DeviceDescription device : overview.devices()) {
      findings.add(
          Finding.ok(
              SECTION,
              "device " + device.index(),
              "%s (%s, %s, %d units, %s); %s"
                  .formatted(
                      device.name(),
                      device.kind(),
                      device.tornadoBackend(),
                      device.computeUnits(),
                      Jvm.size(device.memoryBytes()),
                      f16(Backends.precision(device, Precision.F16)))));
    }
    findings.add(
        Finding.ok(SECTION, "auto", overview.automatic() + ": " + overview.automaticReason()));
    return findings;
  }

  /** One without is no fault: nobody asked for it. */
  private static String f16(PrecisionStatus status) {
    return status.device() == null ? "no f16: " + status : "f16 on tensor cores";
  }

  /** Missing is as it should be on a machine without a GPU; who asks for one sees it below. */
  @SuppressWarnings("restricted") // Loads a driver's library, as TornadoVM would; calls nothing.
  private static Finding loader(String name, String library) {
    if (!Jvm.nativeAccess()) {
      return Finding.ok(SECTION, name, "not looked for: native access is not enabled");
    }
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(library, arena);
      return Finding.ok(SECTION, name, library + " found");
    } catch (IllegalArgumentException _) {
      return Finding.ok(SECTION, name, library + " not found");
    }
  }

  private static String vendors() {
    String other = System.getenv("OCL_ICD_VENDORS");
    Path folder = other == null ? VENDORS : Path.of(other);
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return names.isEmpty() ? "none in " + folder : String.join(", ", names);
    } catch (IOException _) {
      return Files.isRegularFile(folder) ? folder.toString() : "none in " + folder;
    }
  }

  private static String nvidia() {
    try {
      return Files.isReadable(NVIDIA) ? Files.readAllLines(NVIDIA).getFirst() : "not loaded";
    } catch (IOException _) {
      return "cannot be read";
    }
  }

  /** One that cannot be used is a failure only if it was asked for, by name or by its SDK. */
  private static Finding backend(BackendStatus status, Question question) {
    String name = "backend " + status.backend();
    Unusable unusable = status.unusable();
    if (unusable == null) {
      return Finding.ok(SECTION, name, "usable, on " + status.device());
    }
    boolean asked =
        question.backend() == BackendChoice.TORNADO
            || question.device() != null
            || System.getenv("TORNADOVM_HOME") != null;
    return asked
        ? Finding.failure(SECTION, name, unusable.problem(), unusable.remedy())
        : Finding.warning(SECTION, name, unusable.problem(), unusable.remedy());
  }
}
