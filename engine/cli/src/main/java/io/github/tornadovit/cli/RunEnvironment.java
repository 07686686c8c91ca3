package io.github.tornadovit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a measurement: machine, JVM, version and command.
 *
 * @param date UTC, to the second
 * @param version of tornado-vit
 * @param commit of tornado-vit, from the property {@code tornadovit.commit}; null if not known
 * @param java virtual machine and version
 * @param heapBytes the most that the JVM takes
 * @param os name and architecture
 * @param processor as the system names it
 * @param processors that the JVM may use
 * @param threads of the CPU backend
 */
record RunEnvironment(
    String date,
    String version,
    @Nullable String commit,
    String java,
    long heapBytes,
    String os,
    String processor,
    int processors,
    int threads) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * This process.
   *
   * @param threads of the CPU backend, 0 for one per processor
   */
  static RunEnvironment here(int threads) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new RunEnvironment(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Main.VERSION,
        System.getProperty("tornadovit.commit"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Runtime.getRuntime().maxMemory(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        processorName(),
        processors,
        threads == 0 ? processors : threads);
  }

  private static String processorName() {
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
    return "unknown";
  }
}
