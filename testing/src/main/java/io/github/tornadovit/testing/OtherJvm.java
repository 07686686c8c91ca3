package io.github.tornadovit.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The outcome of a JVM of its own: for faults that would end this one, or that need other flags.
 *
 * @param exitCode 128 and more is a signal
 */
public record OtherJvm(int exitCode, String out, String err) {
  /** Far more than any of them takes: what hangs fails here. */
  private static final long MINUTES = 5;

  /**
   * Flags of a JVM that runs for seconds, on a machine that runs others: what it compiles well or
   * collects in parallel does not pay. One carrier of virtual threads, for the emulator's sake.
   */
  private static final List<String> FOR_SECONDS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Djdk.virtualThreadScheduler.parallelism=1");

  /** Runs a class with a main method, on the class path of this JVM. */
  public static OtherJvm run(Class<?> main, List<String> flags, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("other-jvm", ".out");
    Path err = Files.createTempFile("other-jvm", ".err");
    try {
      Process process =
          new ProcessBuilder(command(main, flags, arguments))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(main.getSimpleName() + " hangs: " + Files.readString(err));
      }
      return new OtherJvm(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The command, for callers with other plans for its streams. */
  public static List<String> command(Class<?> main, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // No core dump and no file of hs_err in the sources where a JVM dies after all.
    command.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/stderr"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(FOR_SECONDS);
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Both streams, to be shown where an expectation fails. */
  @Override
  public String toString() {
    return "exit code %d%n%s%n%s".formatted(exitCode, out, err);
  }
}
