package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionCommandTest {
  private static final String WITH = "../../weights/demo/images/with_mask/9000003.jpg";
  private static final String WITHOUT = "../../weights/demo/images/without_mask/9000000.jpg";

  @Test
  void overlaysLieAsTheImagesDo(@TempDir Path folder) {
    CommandLineRun ran = CommandLineRun.of("attention", "-o", folder.toString(), WITH, WITHOUT);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    Path first = folder.resolve("with_mask/9000003.png");
    Path second = folder.resolve("without_mask/9000000.png");
    assertThat(ran.out().lines()).containsExactly(first.toString(), second.toString());
    assertThat(first).exists();
    assertThat(second).exists();
    assertThat(ran.err()).contains("unfused");
  }

  @Test
  void everyHeadHasAFile(@TempDir Path folder) throws IOException {
    CommandLineRun ran =
        CommandLineRun.of(
            "attention", "--heads", "each", "--layer", "0", "-o", folder.toString(), WITH);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("9000003.head0.png", "9000003.head3.png");
    }
  }

  @Test
  void npyHasAMapPerImageAndNanForAnUnreadableOne(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "not a picture");
    Path npy = folder.resolve("maps.npy");
    CommandLineRun ran =
        CommandLineRun.of(
            "attention",
            "--rollout",
            "--format",
            "npy",
            "--image-size",
            "96",
            "-o",
            npy.toString(),
            broken.toString(),
            WITH);
    assertThat(ran.exitCode()).isEqualTo(1);
    String header = new String(Files.readAllBytes(npy), StandardCharsets.ISO_8859_1);
    assertThat(header).contains("'shape': (2, 6, 6)");
    assertThat(ran.err()).contains("broken.jpg", "1 of 2 images", "96x96, 6x6 patches of 16x16");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(CommandLineRun.of("attention", "--rollout", "--layer", "1", WITH).exitCode())
        .isEqualTo(2);
    assertThat(CommandLineRun.of("attention", "--image-size", "big", WITH).exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("attention", "--image-size", "0", WITH).exitCode()).isEqualTo(2);
  }

  @Test
  void whatTheModelDoesNotHaveIsExitCodeOne(@TempDir Path folder) {
    CommandLineRun layer =
        CommandLineRun.of("attention", "--layer", "99", "-o", folder.toString(), WITH);
    assertThat(layer.exitCode()).isEqualTo(1);
    assertThat(layer.err()).contains("layer is 99");
    CommandLineRun token =
        CommandLineRun.of("attention", "--token", "distillation", "-o", folder.toString(), WITH);
    assertThat(token.exitCode()).isEqualTo(1);
    assertThat(token.err()).contains("no distillation token");
  }
}
