package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.kernels.tornado.TornadoDriver;
import io.github.tornadovit.kernels.tornado.TornadoRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The SDK of TornadoVM, and whether this JVM was started for it. */
final class TornadoChecks {
  private static final String SECTION = "tornadovm";
  private static final String RUNTIME = "tornado.load.runtime.implementation";
  private static final String FLAGS_REMEDY =
      "use the tornado-vit launcher, or start java with all that .mvn/tornado-flags.sh prints";

  private TornadoChecks() {}

  /**
   * Looks at the SDK.
   *
   * @param home that the environment names, or null
   */
  static List<Finding> run(@Nullable String home) {
    List<Finding> findings = new ArrayList<>();
    boolean asked = home != null && !home.isBlank();
    if (asked) {
      findings.addAll(sdk(Path.of(String.valueOf(home))));
    } else {
      findings.add(Finding.ok(SECTION, "TORNADOVM_HOME", "not set; only GPUs need it"));
    }
    String runtime = System.getProperty(RUNTIME);
    if (runtime == null) {
      String problem = System.getProperty("tornadovit.sdkProblem");
      String value =
          "this JVM was started without TornadoVM" + (problem == null ? "" : ": " + problem);
      findings.add(
          asked
              ? Finding.failure(SECTION, "flags", value, FLAGS_REMEDY)
              : Finding.ok(SECTION, "flags", value));
    } else if (runtime.equals("emulator")) {
      findings.add(Finding.ok(SECTION, "flags", "the emulator of the tests, no runtime"));
    } else {
      findings.add(flags(missingFlags(home)));
    }
    return findings;
  }

  private static List<Finding> sdk(Path home) {
    Path jars = home.resolve("share/java/tornado");
    if (!Files.isDirectory(jars)) {
      return List.of(
          Finding.failure(
              SECTION,
              "TORNADOVM_HOME",
              home + " is no SDK: share/java/tornado is missing",
              "name the folder of a TornadoVM SDK, or unset it"));
    }
    List<String> backends =
        Stream.of(TornadoDriver.values())
            .map(TornadoDriver::label)
            .filter(name -> hasDriver(jars, name))
            .toList();
    return List.of(
        Finding.ok(SECTION, "TORNADOVM_HOME", home.toString()),
        version(TornadoRelease.of(home)),
        backends.isEmpty()
            ? Finding.failure(
                SECTION,
                "back ends",
                "none of ptx, cuda and opencl",
                "install an SDK that was built with one of them")
            : Finding.ok(SECTION, "back ends", String.join(", ", backends)));
  }

  private static boolean hasDriver(Path jars, String backend) {
    try (Stream<Path> files = Files.list(jars)) {
      return files.anyMatch(
          file -> file.getFileName().toString().matches("tornado-drivers-" + backend + "-\\d.*"));
    } catch (IOException _) {
      return false;
    }
  }

  private static Finding version(Optional<TornadoRelease> release) {
    String value =
        release
            .map(TornadoRelease::toString)
            .orElse("unknown: share/java/tornado has no tornado-api-VERSION.jar");
    return release.filter(TornadoRelease::isTried).isPresent()
        ? Finding.ok(SECTION, "version", value)
        : Finding.warning(
            SECTION,
            "version",
            value,
            "look whether the self-test below is well; if not, install TornadoVM 5.2 for JDK 25");
  }

  private static List<String> missingFlags(@Nullable String home) {
    List<String> missing = new ArrayList<>();
    for (String name : List.of("api", "runtime", "tornado", "annotation")) {
      requireProperty("tornado.load." + name + ".implementation", ".+", missing);
    }
    requireProperty("tornado.recover.bailout", "(?i)false", missing);
    requireProperty("tornado.tvm.maxbytecodesize", "65536", missing);
    if (!Jvm.flag("EnableJVMCI").equals("true")) {
      missing.add("-XX:+EnableJVMCI");
    }
    for (String module : List.of("runtime", "annotation", "drivers.common")) {
      if (!Jvm.hasModule("tornado." + module)) {
        missing.add("--add-modules=tornado." + module);
      }
    }
    if (home != null
        && !System.getProperty("java.library.path").contains(Path.of(home, "lib").toString())) {
      missing.add("-Djava.library.path=" + Path.of(home, "lib"));
    }
    return missing;
  }

  private static void requireProperty(String name, String pattern, List<String> missing) {
    if (!System.getProperty(name, "").matches(pattern)) {
      missing.add("-D" + name);
    }
  }

  static Finding flags(List<String> missing) {
    return missing.isEmpty()
        ? Finding.ok(SECTION, "flags", "all present")
        : Finding.failure(SECTION, "flags", "missing: " + String.join(", ", missing), FLAGS_REMEDY);
  }
}
