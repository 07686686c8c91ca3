package io.github.tornadovit.engine.doctor;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Versions and flags. */
final class JavaChecks {
  private static final String SECTION = "java";

  private JavaChecks() {}

  static List<Finding> run(String version) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(SECTION, "tornado-vit", version));
    findings.add(
        Finding.ok(
            SECTION,
            "Java",
            "%s, %s, %s"
                .formatted(
                    Runtime.version(),
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.vendor"))));
    findings.add(Finding.ok(SECTION, "home", System.getProperty("java.home")));
    findings.add(
        Finding.ok(
            SECTION, "flags", flags(ManagementFactory.getRuntimeMXBean().getInputArguments())));
    findings.add(
        Jvm.hasModule("jdk.incubator.vector")
            ? Finding.ok(SECTION, "vector module", "jdk.incubator.vector is there")
            : Finding.warning(
                SECTION,
                "vector module",
                "jdk.incubator.vector is missing",
                "start Java with --add-modules jdk.incubator.vector"));
    findings.add(
        Jvm.nativeAccess()
            ? Finding.ok(SECTION, "native access", "enabled")
            : Finding.warning(
                SECTION,
                "native access",
                "not enabled: no machine code, no look at drivers",
                "start Java with --enable-native-access=ALL-UNNAMED"));
    return findings;
  }

  /**
   * The flags that say something: without the hundred exports that TornadoVM needs, and without
   * properties of others, which may hold secrets.
   */
  static String flags(List<String> arguments) {
    Predicate<String> exports = argument -> argument.matches("--add-(exports|opens|reads)=.*");
    Predicate<String> others =
        argument -> argument.startsWith("-D") && !argument.matches("-D(java|tornado).*");
    List<String> shown = arguments.stream().filter(exports.negate().and(others.negate())).toList();
    long exported = arguments.stream().filter(exports).count();
    long hidden = arguments.stream().filter(others).count();
    return (shown.isEmpty() ? "none" : String.join(" ", shown))
        + (exported == 0 ? "" : " (and %d exports)".formatted(exported))
        + (hidden == 0 ? "" : " (and %d properties that are not ours)".formatted(hidden));
  }
}
