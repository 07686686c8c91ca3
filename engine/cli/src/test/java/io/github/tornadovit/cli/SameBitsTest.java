package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/numerics.md promises of the CPU backend: the same input gives the same bits. */
class SameBitsTest {
  private static final String MODEL = Golden.path("models/beit-shared-bias").toString();

  @TempDir Path folder;

  /** A process of its own, since compiled code, memory and threads differ between processes. */
  private byte[] features(String loops, int threads, int batch) throws Exception {
    Path output = folder.resolve("features-%s-%d-%d.npy".formatted(loops, threads, batch));
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
    if (!loops.equals("machine code")) {
      command.add(1, "-Dtornadovit.vectorBits=" + loops);
    }
    command.addAll(List.of(Main.class.getName(), "embed", "--model", MODEL, "--backend", "cpu"));
    command.addAll(List.of("--threads", "" + threads, "--batch", "" + batch));
    command.addAll(List.of("--pooling", "tokens", "--format", "npy", "-o", output.toString()));
    command.addAll(images());
    int exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exit).as(() -> read(log)).isZero();
    return Files.readAllBytes(output);
  }

  /** More than any batch, and no multiple of one. */
  private static List<String> images() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../weights/demo/images/with_mask"))) {
      return files.map(Path::toString).sorted().limit(7).toList();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"machine code", "256", "0"})
  void inEveryProcessWithAnyThreadsAndAnyBatch(String loops) throws Exception {
    byte[] once = features(loops, 2, 3);
    assertThat(once.length).isGreaterThan(1000);
    assertThat(features(loops, 1, 1)).as("one thread, image by image").isEqualTo(once);
    assertThat(features(loops, 5, 2)).as("five threads, in pairs").isEqualTo(once);
  }

  /** Else the test above would see files that know nothing of the arithmetic. */
  @Test
  void otherLoopsRoundOtherwise() throws Exception {
    assertThat(features("0", 1, 1)).isNotEqualTo(features("256", 1, 1));
  }
}
