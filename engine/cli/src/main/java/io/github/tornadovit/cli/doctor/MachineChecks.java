package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.BackendStatus;
import io.github.tornadovit.kernels.backend.PrecisionStatus;
import java.util.ArrayList;
import java.util.List;

/** Operating system, processor, and what the CPU backend makes of it. */
final class MachineChecks {
  private static final String SECTION = "machine";

  private MachineChecks() {}

  static List<Finding> run(String processor, BackendOverview overview) {
    BackendStatus cpu = overview.status(BackendChoice.CPU);
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            SECTION,
            "system",
            "%s %s, %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"))));
    findings.add(
        Finding.ok(
            SECTION,
            "processor",
            "%s, %d for this JVM"
                .formatted(processor, Runtime.getRuntime().availableProcessors())));
    findings.add(vectors(Jvm.flag("MaxVectorSize")));
    findings.add(loops(String.valueOf(cpu.device())));
    for (PrecisionStatus precision : cpu.precisions()) {
      if (precision.precision() != Precision.F32 && precision.precision() != Precision.F16) {
        // One that the processor lacks is no fault: nobody asked for it.
        findings.add(
            Finding.ok(
                SECTION,
                precision.precision().label(),
                precision.device() == null ? "not here: " + precision : precision.toString()));
      }
    }
    return findings;
  }

  /**
   * The vector instructions that the JIT compiler uses.
   *
   * @param maxVectorBytes as HotSpot's flag says, or empty
   */
  static Finding vectors(String maxVectorBytes) {
    int bits = maxVectorBytes.isEmpty() ? 0 : 8 * Integer.parseInt(maxVectorBytes);
    return bits >= 128
        ? Finding.ok(SECTION, "vectors", bits + " bits")
        : Finding.warning(
            SECTION,
            "vectors",
            bits == 0 ? "none, or not known" : bits + " bits",
            "use a HotSpot JVM on a processor with vectors, without -XX:UseAVX=0 or"
                + " -XX:MaxVectorSize");
  }

  /**
   * The inner loops of the CPU backend.
   *
   * @param device as the backend names it, with the reason if there is no machine code
   */
  static Finding loops(String device) {
    if (device.startsWith("scalar")) {
      return Finding.warning(
          SECTION,
          "inner loops",
          device + ": several times slower",
          "start Java with --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector");
    }
    return device.contains("no machine code: start Java")
        ? Finding.warning(
            SECTION,
            "inner loops",
            device,
            "start Java with --enable-native-access=ALL-UNNAMED: faster, above all at first")
        : Finding.ok(SECTION, "inner loops", device);
  }
}
