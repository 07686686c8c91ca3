package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.CheckpointNote.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is assumed of a checkpoint is said on every run, and the model knows it. */
class CheckpointNotesTest {
  private static final String IMAGE = Golden.path("images/decode/png-rgb-8-icc.png").toString();

  @TempDir private Path folder;

  private static CommandLineRun run(String command, Object model, String... more) {
    return CommandLineRun.of(
        Stream.concat(
                Stream.of(command, "--model", model.toString(), "--backend", "cpu"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(Golden.path("models/" + name))) {
      return files.toList();
    }
  }

  private Path withoutPreprocessor(String name) throws IOException {
    for (Path file : files(name)) {
      if (!file.endsWith("preprocessor_config.json")) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    return folder;
  }

  @Test
  void theGuessOfThePreprocessingIsSaidOnEveryRun() throws IOException {
    Path model = withoutPreprocessor("vit-two-labels");
    for (int i = 0; i < 2; i++) {
      CommandLineRun ran = run("classify", model, IMAGE);
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.err().lines())
          .filteredOn(line -> line.startsWith("note: "))
          .singleElement()
          .asString()
          .contains("no preprocessor_config.json", "ViTImageProcessor", "resize 16x16, BILINEAR");
    }
    try (VisionModel loaded = VisionModel.load(model, ModelOptions.defaults())) {
      assertThat(loaded.notes())
          .singleElement()
          .extracting(CheckpointNote::kind)
          .isEqualTo(Kind.PREPROCESSING);
    }
    CommandLineRun json = CommandLineRun.of("inspect", "--model", "" + model, "--format", "json");
    assertThat(json.json().at("/notes/0/kind").asString()).isEqualTo("PREPROCESSING");
    assertThat(json.json().at("/notes/0/text").asString()).startsWith("no preprocessor_config");
    assertThat(CommandLineRun.of("inspect", "--model", "" + model).out())
        .containsPattern("notes +no preprocessor_config.json: taken are");
  }

  @Test
  void nothingIsSaidOfACheckpointAsTransformersSavesIt() {
    CommandLineRun ran = run("classify", Golden.path("models/vit-two-labels"), IMAGE);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).doesNotContain("note:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"beit-mim", "vit-mim", "deit-mim", "vit-mae-pretraining"})
  void maskedImageModellingGivesFeaturesAndNoClasses(String name) {
    CommandLineRun embedded =
        run("embed", Golden.path("models/" + name), "--pooling", "cls", IMAGE);
    assertThat(embedded.exitCode()).as(embedded.err()).isZero();
    assertThat(embedded.err()).contains("note: a model of masked image modelling");
    CommandLineRun classified = run("classify", Golden.path("models/" + name), IMAGE);
    assertThat(classified.exitCode()).isEqualTo(1);
    assertThat(classified.err())
        .contains("the checkpoint has no classifier (a model of masked image modelling);")
        .containsOnlyOnce("its encoder gives features")
        .contains("use embed for its features, train a probe on them");
  }

  /** A mean of patches without the norm that pools them is no pooler output. */
  @Test
  void aBeitWithoutPoolerHasNone() {
    CommandLineRun ran = run("embed", Golden.path("models/beit-mim"), "--pooling", "pooler", IMAGE);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("the checkpoint has no pooler", "use pooling cls, mean, pooled or tokens");
  }

  /** What contradicts the tensors comes before what contradicts the preprocessing. */
  @Test
  void aConfigWithoutItsVisionEncoderIsToldSo() throws IOException {
    for (Path file : files("siglip")) {
      Files.copy(file, folder.resolve(file.getFileName().toString()));
    }
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"vision_config\"", "\"other\""));
    assertThat(run("classify", folder, IMAGE).err())
        .contains("vision_config.hidden_size=768 (default, for want of 'vision_config')")
        .doesNotContain("preprocessing ends");
  }

  @Test
  void aHeadThatTheConfigLeavesOutIsSaid() throws IOException {
    for (Path file : files("siglip-vision-model")) {
      Files.copy(file, folder.resolve(file.getFileName().toString()));
    }
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replaceFirst("\\{", "{\"vision_use_head\": false,"));
    assertThat(run("embed", folder, "--pooling", "pooler", IMAGE).err())
        .contains("vision_use_head=false leaves out the attention pooling head, 11 tensors")
        .contains("no pooler (tensor 'head.probe' is not read: vision_use_head=false); use");
  }

  @Test
  void wrappersAreSaidOnce() {
    CommandLineRun ran = run("classify", Golden.path("models/vit-lightning-bin"), IMAGE);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).containsOnlyOnce("note: tensor names are read without 'model.'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://host.example/a//cat.jpg?size=2",
        "http://host.example/*.jpg",
        "s3://bucket/cat.jpg",
        "HTTPS://host.example/cat.jpg"
      })
  void addressesAreNotFetched(String address) {
    CommandLineRun ran = CommandLineRun.of("classify", "--backend", "cpu", address);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains(address + ": is an address, and addresses are not fetched: download it and give");
    assertThat(CommandLineRun.of("classify", "file:///tmp/cat.jpg").err())
        .contains("file:///tmp/cat.jpg: is an address", "give the path without file://");
  }

  @Test
  void aNameThatIsNotUtf8IsExplained() {
    CommandLineRun ran = CommandLineRun.of("classify", "--backend", "cpu", "latin\uFFFD.jpg");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("latin\uFFFD.jpg: its name holds bytes that are not UTF-8", "name the folder");
  }

  @Test
  void anAddressOfTheHubIsNoNameOfAModel() {
    for (String tail : new String[] {"", "/", "/tree/main"}) {
      String address = "https://huggingface.co/google/vit-base-patch16-224" + tail;
      assertThat(CommandLineRun.of("classify", "--model", address, IMAGE).err())
          .contains(
              address + ": is an address; give the name: --model google/vit-base-patch16-224");
    }
  }
}
