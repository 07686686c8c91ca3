package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.tornadovit.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
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
    // The line of TornadoVM 6 takes no times through CUDA.
    assumeFalse(ran.err().contains("measures no kernels"), ran.err());
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

  @Test
  void timesOfAGpuAreExpectedWithoutOne() {
    CommandLineRun ran = CommandLineRun.of("kernels", "--model", MODEL, "--gpu", "t4");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.getFirst())
        .matches("kernel +writes +launches +ms +share +GFLOP/s +bound +grid");
    assertThat(lines).anyMatch(line -> line.startsWith("attention "));
    assertThat(lines.get(lines.size() - 2))
        .startsWith("T4 (40 multiprocessors of 64 lanes at 1.25 GHz, 320 GB/s): ")
        .endsWith(" images/s expected, by a model that no GPU has confirmed.");
    assertThat(lines.getLast()).contains("own time on the host is not in it: ");
  }

  @Test
  void expectedTimesAddUp() {
    CommandLineRun ran =
        CommandLineRun.of(
            "kernels", "--model", MODEL, "--gpu", "A100", "--batch", "4", "--format", "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode pass = ran.json();
    assertThat(pass.get("gpu").asString()).isEqualTo("A100");
    assertThat(pass.get("confirmed_by_a_gpu").asBoolean()).isFalse();
    double sum = 0;
    for (JsonNode kernel : pass.get("kernels")) {
      sum += kernel.get("milliseconds").asDouble();
      assertThat(kernel.get("bound").asString())
          .isIn("arithmetic", "latency", "cache", "memory", "bus", "launch");
    }
    double total = pass.get("milliseconds").asDouble();
    assertThat(sum).isEqualTo(total, Offset.offset(1e-6 * total));
    assertThat(pass.get("images_per_second").asDouble())
        .isEqualTo(4e3 / total, Offset.offset(1e-3));
  }

  @Test
  void aGpuThatIsNotThere(@TempDir Path folder) {
    CommandLineRun unknown = CommandLineRun.of("kernels", "--gpu", "RX 7900");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("'RX 7900' is no GPU of the table (T4, A10, A100, ");
    CommandLineRun half =
        CommandLineRun.of("kernels", "--model", MODEL, "--gpu", "T4", "--precision", "f16");
    assertThat(half.exitCode()).isEqualTo(1);
    assertThat(half.err()).contains("'T4' does not have; use precision f32");
    CommandLineRun sources =
        CommandLineRun.of("kernels", "--gpu", "T4", "--print-kernels", folder.toString());
    assertThat(sources.exitCode()).isEqualTo(2);
    assertThat(sources.err()).contains("--gpu runs nothing");
  }
}
