package io.github.tornadovit.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.CpuBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopsChoiceTest {

  @Test
  void thePropertyForcesTheWidth() {
    assertThat(ForcedWidth.loops(0).description()).isEqualTo("scalar");
    for (int bits : new int[] {128, 256, 512}) {
      assertThat(ForcedWidth.loops(bits).description()).isEqualTo(bits + "-bit vectors");
    }
  }

  @Test
  void otherValuesAreRefused() {
    assertThatThrownBy(() -> ForcedWidth.loops(64))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasStackTraceContaining("'64', expected 0, 128, 256 or 512");
  }

  @Test
  void worksWithoutTheModuleAndSaysSoOnce() throws Exception {
    String output = runMain(List.of());
    assertThat(output)
        .contains("scalar, 2 threads")
        .containsOnlyOnce("--add-modules jdk.incubator.vector");
  }

  @Test
  void isSilentWhereVectorsAreNotWanted() throws Exception {
    String output = runMain(List.of("-D" + LoopsChoice.PROPERTY + "=0"));
    assertThat(output).contains("scalar, 2 threads").doesNotContain("--add-modules");
  }

  /** Runs {@link Main} on a JVM without the module; gives standard output and error together. */
  private static String runMain(List<String> flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Two backends, for the process without the module. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try (CpuBackend backend = new CpuBackend(2)) {
          System.out.println(backend.device());
        }
      }
    }
  }
}
