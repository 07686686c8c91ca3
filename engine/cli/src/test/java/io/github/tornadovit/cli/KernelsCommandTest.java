package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The command {@code kernels}, and the option {@code --print-kernels}. */
class KernelsCommandTest {
  private static final String MODEL = Golden.path("models/vit-two-labels").toString();

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "tornado"})
  void tableSumsEqualLaunches(String backend) {
    CommandLineRun ran =
        CommandLineRun.of(
            "kernels", "--warm-up", "0", "--model", MODEL, "--backend", backend, "--batch", "2");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.getFirst())
        .matches("kernel +writes +launches +ms +share +GFLOP/s +GB/s +grid");
    assertThat(lines).anyMatch(line -> line.startsWith("attention"));
    int launches =
        lines.stream()
            .skip(1)
            .filter(line -> !line.startsWith("all "))
            .mapToInt(line -> Integer.parseInt(line.replaceFirst("^.*? {2,}\\w+ +(\\d+) .*", "$1")))
            .sum();
    assertThat(lines.getLast()).startsWith("all ").contains(" " + launches + " ");
  }

  @Test
  void jsonHasTheSameFieldsForEveryKernel() {
    CommandLineRun ran =
        CommandLineRun.of(
            "kernels", "--warm-up", "0", "--model", MODEL, "--backend", "cpu", "--format", "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().isEmpty()).isFalse();
    for (JsonNode kernel : ran.json()) {
      assertThat(kernel.propertyNames())
          .containsExactly(
              "kernel",
              "writes",
              "launches",
              "grid",
              "milliseconds",
              "gigaflops_per_second",
              "gigabytes_per_second");
    }
  }

  @Test
  void sourcesThatCannotBeHadAreAnError(@TempDir Path folder) {
    CommandLineRun host =
        CommandLineRun.of(
            "kernels",
            "--warm-up",
            "0",
            "--model",
            MODEL,
            "--backend",
            "cpu",
            "--print-kernels",
            folder.toString());
    assertThat(host.exitCode()).isEqualTo(1);
    assertThat(host.err()).contains("has no generated kernels; use backend tornado");
    // TornadoVM, or the emulator, has started in this JVM without being asked for sources.
    CommandLineRun device =
        CommandLineRun.of(
            "kernels",
            "--model",
            MODEL,
            "--backend",
            "tornado",
            "--print-kernels",
            folder.toString());
    assertThat(device.exitCode()).isEqualTo(1);
    assertThat(device.err()).contains("kernel sources");
    assertThat(folder).isEmptyDirectory();
  }
}
