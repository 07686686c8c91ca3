package io.github.tornadovit.benchmarks.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Under which conditions a comparison was made, without which its numbers mean nothing. */
public final class Conditions {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Conditions() {}

  /** Now, to the second. */
  public static String date() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What was built, as {@code bench} says. */
  public static String commit() {
    return System.getProperty("tornadovit.commit", "unknown");
  }

  /** The JVM. */
  public static String java() {
    return System.getProperty("java.vm.name") + " " + Runtime.version();
  }

  /** Processor and system. */
  public static String machine() {
    return "%s, %d processors, %s %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  /** How busy the machine is. */
  public static String load() {
    return String.format(
        Locale.ROOT,
        "%.1f runnable over the last minute",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processor() {
    try {
      if (Files.isReadable(CPU_INFO)) {
        for (String line : Files.readAllLines(CPU_INFO)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      }
    } catch (IOException unreadable) {
      // Then the architecture must do.
    }
    return "unknown processor";
  }
}
