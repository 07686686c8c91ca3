package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.OtherJvm;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A file of weights changes while it is mapped: cut short to nothing, to its first page, by a few
 * bytes (which leaves zeros and no fault), or written to. Every use that reads it afterwards says
 * so; no answer comes of what is there now, and the JVM lives.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a mapped file cannot be cut short there")
class TruncationTest {
  @TempDir private Path folder;

  private void copy(String name) throws IOException {
    try (Stream<Path> files = Files.list(Golden.path("models/" + name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vit, model.safetensors, 0, CPU",
    "vit, model.safetensors, 4096, CPU",
    "vit, model.safetensors, -8, CPU",
    "vit, model.safetensors, overwrite, CPU",
    "vit-sharded, model-00003-of-00003.safetensors, 0, CPU",
    "vit-bin, pytorch_model.bin, 4096, CPU",
    "vit-bf16-bin, pytorch_model.bin, 0, CPU",
    "vit-legacy-bin, pytorch_model.bin, 4096, CPU",
    "beit, model.safetensors, 0, REFERENCE",
    "vit, model.safetensors, 4096, TORNADO",
  })
  void everyUseSaysThatTheFileChanged(String name, String file, String change, String backend)
      throws Exception {
    assumeTrue(
        !backend.equals("TORNADO") || TornadoVm.ofThisJvm().isEmulated(),
        "an SDK is in use, whose flags this JVM was given in a file");
    copy(name);
    OtherJvm ran =
        OtherJvm.run(
            TruncationMain.class,
            List.of(
                "-Dtornado.load.runtime.implementation=emulator",
                "-Dtornado.recover.bailout=False"),
            List.of(folder.toString(), file, change, backend));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).as(ran.toString()).hasSize(5);
    boolean faults = !change.equals("overwrite") && !change.equals("-8");
    if (faults) {
      assertThat(lines.get(0)).startsWith("tensors: " + file).contains("was cut short");
    } else {
      assertThat(lines.get(0)).as("zeros are no fault").isEqualTo("tensors: no error");
    }
    String changed = ": " + folder.resolve(file) + ": changed while it was in use: it has ";
    assertThat(lines.get(1)).startsWith("digest" + changed);
    assertThat(lines.get(2)).startsWith("classify" + changed).contains("load it again");
    if (backend.equals("TORNADO")) {
      assertThat(lines.get(3)).startsWith("feature" + changed);
      assertThat(lines.get(4)).startsWith("attention" + changed);
    }
    System.out.printf("%s, %s to %s on %s: 5 faults%n", name, file, change, backend);
  }

  @Test
  void aFileCutShortWhileItsChecksumIsComputedIsAnError() throws Exception {
    Path file = Files.write(folder.resolve("weights"), new byte[3 << 20]);
    OtherJvm ran = OtherJvm.run(ChecksumMain.class, List.of(), List.of(file.toString()));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    assertThat(ran.out().strip()).isEqualTo("InternalError");
  }

  /** The JVM guards its own reads of a mapping. Nothing else is given one: only arrays leave. */
  @Test
  void noMappingLeavesTheReaders() {
    assertThat(
            Stream.of(TensorView.class, Checkpoint.class, Weight.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .map(Method::getReturnType))
        .isNotEmpty()
        .doesNotContain(MemorySegment.class, ByteBuffer.class);
  }
}
