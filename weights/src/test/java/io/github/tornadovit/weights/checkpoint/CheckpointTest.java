package io.github.tornadovit.weights.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.SafetensorsBytes;
import io.github.tornadovit.testing.TinyCheckpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders: what is found in which order, what is missing, and what stays open. */
class CheckpointTest {
  @TempDir Path temp;

  private static final byte[] EMPTY = new SafetensorsBytes().build();

  private static void refused(Path folder, String... facts) {
    Arena arena = Arena.ofShared();
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(folder, "m", arena))
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
    assertThat(arena.scope().isAlive()).as("arena left open").isFalse();
  }

  private Path folder(Map<String, byte[]> files) throws IOException {
    Path folder = Files.createTempDirectory(temp, "m");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"vit\"}");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  private static byte[] index(String map) {
    return "{\"metadata\":{\"total_size\":1},\"weight_map\":{%s}}"
        .formatted(map)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void saysWhatItIs() {
    Path folder = TinyCheckpoint.vit().write(temp.resolve("my model"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.name()).isEqualTo(folder.toString());
      assertThat(checkpoint.files())
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.name()).isEqualTo("model.safetensors");
                assertThat(file.format()).isEqualTo("safetensors");
                assertThat(file.bytes()).isEqualTo(folder.resolve(file.name()).toFile().length());
              });
      assertThat(checkpoint.tensors().firstEntry().getKey()).isEqualTo("classifier.bias");
      assertThat(checkpoint.config().labels()).containsExactly("a", "b", "c");
      assertThat(checkpoint.preprocessor().notes()).hasSize(1);
    }
  }

  @Test
  void refusesWhatIsNoCheckpointFolder() throws IOException {
    refused(temp.resolve("nowhere"), "m: does not exist; give a folder that holds config.json");
    Path file = Files.writeString(temp.resolve("model.safetensors"), "x");
    refused(file, "m: is a file, expected the folder");
    refused(temp, "m: has no config.json, expected one beside the weights");
    refused(folder(Map.of()), "m: has no weights, expected model.safetensors or pytorch_model.bin");
    Path folders = folder(Map.of());
    Files.createDirectory(folders.resolve("model.safetensors"));
    refused(folders, "m/model.safetensors: is not a regular file");
    Path large = folder(Map.of());
    Files.write(large.resolve("config.json"), new byte[(8 << 20) + 1]);
    refused(large, "m/config.json: has 8388609 bytes, expected at most 8388608");
  }

  @Test
  void looksForFilesInTheOrderOfTransformers() throws IOException {
    byte[] none = {};
    byte[] bad = {1};
    refused(
        folder(Map.of("model.safetensors.index.json", none, "pytorch_model.bin", bad)),
        "m/model.safetensors.index.json: is not valid JSON");
    refused(
        folder(Map.of("pytorch_model.bin", bad, "pytorch_model.bin.index.json", none)),
        "m/pytorch_model.bin: begins neither");
    refused(
        folder(Map.of("pytorch_model.bin.index.json", none)),
        "m/pytorch_model.bin.index.json: is not valid JSON");
    try (Checkpoint both =
        Checkpoint.open(folder(Map.of("model.safetensors", EMPTY, "pytorch_model.bin", bad)))) {
      assertThat(both.files()).extracting(WeightFile::name).containsExactly("model.safetensors");
    }
  }

  @Test
  void readsShards() throws IOException {
    byte[] one = new SafetensorsBytes().zeros("a", DType.F32, 1).build();
    byte[] two = new SafetensorsBytes().zeros("b", DType.F32, 2).build();
    byte[] index = index("\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"");
    Path folder =
        folder(
            Map.of(
                "1.safetensors", one,
                "2.safetensors", two,
                "model.safetensors.index.json", index));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.files()).hasSize(2);
      assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b");
      assertThat(Objects.requireNonNull(checkpoint.tensors().get("b")).source())
          .isEqualTo("2.safetensors");
    }
    Files.write(folder.resolve("2.safetensors"), one);
    refused(folder, "m/2.safetensors: tensor 'a' is also in 1.safetensors");
    Files.write(folder.resolve("2.safetensors"), EMPTY);
    refused(folder, "index.json: tensor 'b' is not in 2.safetensors, as it says");
    Files.delete(folder.resolve("2.safetensors"));
    refused(folder, "names the file '2.safetensors', which is not in the folder");
  }

  @Test
  void refusesShardsOutsideTheFolder() throws IOException {
    for (String name :
        new String[] {
          "../x.safetensors",
          "/x.safetensors",
          "a/x.safetensors",
          "a\\\\x.safetensors",
          "..",
          "",
          "C:x.safetensors",
          "x.bin",
          "x\\u0000.safetensors"
        }) {
      Path folder = folder(Map.of("model.safetensors.index.json", index("\"a\":\"" + name + "\"")));
      refused(folder, "key 'weight_map' names the file '", "expected one of the folder");
    }
    refused(
        folder(Map.of("model.safetensors.index.json", index(""))), "names 0 files, expected 1 to");
    refused(
        folder(Map.of("model.safetensors.index.json", index("\"a\":7.5"))),
        "key 'weight_map.a' is 7.5, expected a string");
    byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
    refused(folder(Map.of("model.safetensors.index.json", none)), "key 'weight_map' is missing");
  }

  @Test
  void takesTheNestedProcessorFirst() throws IOException {
    Path folder = TinyCheckpoint.vit().preprocessor("{\"size\":5}").write(temp.resolve("nested"));
    Files.writeString(
        folder.resolve("processor_config.json"), "{\"image_processor\":{\"size\":6}}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(Objects.requireNonNull(checkpoint.preprocessor().resize()).target())
          .hasToString("6x6");
    }
    Files.writeString(folder.resolve("processor_config.json"), "{\"other\":1}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(Objects.requireNonNull(checkpoint.preprocessor().resize()).target())
          .hasToString("5x5");
    }
  }

  @Test
  void readsAnyFileSystemIntoMemory() throws IOException {
    Path source = TinyCheckpoint.beit().write(temp.resolve("source"));
    URI zip = URI.create("jar:" + temp.resolve("model.jar").toUri());
    Checkpoint checkpoint;
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.createDirectory(files.getPath("/m"));
      for (String name :
          new String[] {"config.json", "preprocessor_config.json", "model.safetensors"}) {
        Files.copy(source.resolve(name), files.getPath("/m", name));
      }
      checkpoint = Checkpoint.open(files.getPath("/m"), "in a jar");
    }
    try (checkpoint) {
      assertThat(checkpoint.name()).isEqualTo("in a jar");
      assertThat(checkpoint.weights().heads().getFirst().weight().toArray()).hasSize(12);
    }
  }

  @Test
  void takesATouchedFileForWhatItIsIfADigestTells() throws IOException {
    Path folder = TinyCheckpoint.vit().write(temp.resolve("vit"));
    Path file = folder.resolve("model.safetensors");
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    try (Checkpoint checkpoint = Checkpoint.open(folder, "m")) {
      Files.setLastModifiedTime(file, later);
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(checkpoint::requireUnchanged)
          .withMessageContaining("m/model.safetensors: changed while it was in use")
          .withMessageContaining("if its time alone changed (touch), only a digest taken before");
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder, "m")) {
      String digest = checkpoint.digest();
      Files.setLastModifiedTime(file, FileTime.from(later.toInstant().plusSeconds(60)));
      checkpoint.requireUnchanged();
      assertThat(checkpoint.digest()).isEqualTo(digest);
      byte[] other = Files.readAllBytes(file);
      other[other.length - 1]++;
      Files.write(file, other);
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(checkpoint::requireUnchanged)
          .withMessageContaining("changed while it was in use")
          .withMessageNotContaining("touch");
    }
  }

  @Test
  void readsJsonAsPythonWritesIt() throws IOException {
    Path folder = TinyCheckpoint.vit().config("loss", "NaN").write(temp.resolve("nan"));
    Path config = folder.resolve("config.json");
    Files.writeString(config, "\ufeff" + Files.readString(config));
    try (Checkpoint checkpoint = Checkpoint.open(folder, "m")) {
      assertThat(checkpoint.config().labels()).containsExactly("a", "b", "c");
    }
    Files.writeString(
        folder.resolve("preprocessor_config.json"), "{\"image_mean\": [NaN, 0.5, 0.5]}");
    refused(folder, "m/preprocessor_config.json: key 'image_mean' is NaN, expected a number");
    Files.writeString(config, "");
    refused(folder, "m/config.json: is not valid JSON", "the file is empty");
  }

  @Test
  void refusesReadsOnceClosed() {
    Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.vit().write(temp.resolve("vit")));
    TensorView tensor = checkpoint.weights().heads().getFirst().weight();
    assertThat(tensor.toArray()).hasSize(12);
    checkpoint.close();
    checkpoint.close();
    assertThatIllegalStateException().isThrownBy(tensor::toArray);
    assertThatIllegalStateException().isThrownBy(checkpoint::weights);
    assertThatIllegalStateException().isThrownBy(checkpoint::unread);
    assertThat(checkpoint.config().layers()).isEqualTo(1);
  }

  @Test
  void leavesNoMappingBehind() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    assumeThat(maps).as("Linux lists mappings there").isReadable();
    Path folder = TinyCheckpoint.vit().write(temp.resolve("mapped-model"));
    Checkpoint checkpoint = Checkpoint.open(folder);
    assertThat(Files.readString(maps)).contains("mapped-model");
    checkpoint.close();
    assertThat(Files.readString(maps)).doesNotContain("mapped-model");
    byte[] file = Files.readAllBytes(folder.resolve("model.safetensors"));
    Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(file, 1000));
    refused(folder, "model.safetensors");
    assertThat(Files.readString(maps)).doesNotContain("mapped-model");
  }
}
