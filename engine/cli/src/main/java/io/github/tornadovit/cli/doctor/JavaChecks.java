package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.file.NameEncoding;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    findings.add(encodings(NameEncoding.name(), System.getenv()));
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

  /** In which encoding names of files are read, and who says so. */
  static Finding encodings(String names, Map<String, String> environment) {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
            .findFirst()
            .map(variable -> variable + "=" + environment.get(variable))
            .orElse("none in the environment");
    String found =
        "names of files %s, content %s; locale %s"
            .formatted(names, System.getProperty("file.encoding"), locale);
    return names.equals("UTF-8")
        ? Finding.ok(SECTION, "encodings", found)
        : Finding.warning(
            SECTION,
            "encodings",
            found + ": names beyond " + names + " cannot be read",
            NameEncoding.REMEDY);
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
