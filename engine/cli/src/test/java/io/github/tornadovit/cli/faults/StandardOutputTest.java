package io.github.tornadovit.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.cli.Main;
import io.github.tornadovit.testing.OtherJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that cannot be written is a failure: of standard output, and of a file of {@code -o}. */
class StandardOutputTest {
  private static final Path FULL = Path.of("/dev/full");
  private static final String IMAGE = "../../weights/demo/images/with_mask/9000003.jpg";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "classify --format json",
        "embed --format npy",
        "attention --format npy",
        "embed --format npy -o /dev/full",
        "embed -o /dev/full",
        "attention --format npy -o /dev/full"
      })
  void aFullDiskIsOneLineAndExitCodeOne(String command) throws Exception {
    assumeTrue(Files.isWritable(FULL), "this system has no /dev/full");
    List<String> arguments =
        List.of((command + " --backend cpu --threads 1 " + IMAGE).split(" ", -1));
    Process process =
        new ProcessBuilder(OtherJvm.command(Main.class, List.of(), arguments))
            .redirectOutput(FULL.toFile())
            .start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(err).isEqualTo(1);
    assertThat(err.lines().toList().getLast())
        .startsWith("tornado-vit: ")
        .containsAnyOf("standard output cannot be written", "/dev/full: ");
    assertThat(err).doesNotContain("\tat ", "a bug");
    System.out.printf("%s: 1 fault%n", command);
  }
}
