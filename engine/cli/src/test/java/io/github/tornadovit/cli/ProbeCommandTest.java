package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.probe.LinearProbe;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code probe}, and {@code classify --probe}. */
class ProbeCommandTest {
  private static final Path IMAGES = Path.of("../../weights/demo/images").toAbsolutePath();

  /** Sixteen pixels wide: quick. */
  private static final String MODEL = Golden.path("models/vit-two-labels").toString();

  @TempDir private Path folder;

  private CommandLineRun run(String... arguments) {
    return CommandLineRun.of(
        Stream.concat(Stream.of(arguments), Stream.of("--model", MODEL, "--backend", "cpu"))
            .toArray(String[]::new));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private CommandLineRun train(String data, String... more) {
    List<String> arguments =
        List.of("probe", "train", "--data", data, "-o", path("probe"), "--cache", path("cache"));
    return run(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private CommandLineRun eval(String... more) {
    List<String> arguments =
        List.of("probe", "eval", "--data", IMAGES.toString(), "--cache", path("cache"));
    return run(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void trainsEvaluatesAndClassifies() {
    CommandLineRun trained = train(IMAGES.toString(), "--format", "json");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode facts = trained.json();
    assertThat(facts.get("images").asInt()).isEqualTo(100);
    assertThat(facts.get("validation_images").asInt()).isEqualTo(20);
    assertThat(facts.get("trials").size()).isEqualTo(13);
    assertThat(facts.get("labels").toString()).isEqualTo("[\"with_mask\",\"without_mask\"]");
    assertThat(trained.err()).contains("0 from the cache").contains("100 computed");

    CommandLineRun evaluated = eval("--probe", path("probe"), "--format", "json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("100 from the cache");
    JsonNode result = evaluated.json();
    assertThat(result.get("eval_accuracy").asDouble())
        .isEqualTo(facts.get("training_accuracy").asDouble())
        .isGreaterThan(0.5);
    assertThat(result.get("eval_loss").asDouble()).isEqualTo(facts.get("training_loss").asDouble());

    String image = IMAGES.resolve("with_mask/9000003.jpg").toString();
    for (List<String> command : List.of(List.of("classify"), List.of("probe", "classify"))) {
      CommandLineRun classified =
          run(
              Stream.concat(
                      command.stream(),
                      Stream.of("--probe", path("probe"), "--format", "json", "--logits", image))
                  .toArray(String[]::new));
      assertThat(classified.exitCode()).as(classified.err()).isZero();
      try (VisionModel model =
          VisionModel.load(
              Path.of(MODEL), ModelOptions.defaults().withBackend(BackendChoice.CPU))) {
        float[] logits =
            LinearProbe.load(folder.resolve("probe"))
                .logits(model.embed(Path.of(image), Pooling.CLS));
        JsonNode printed = classified.json().get(0).get("logits");
        assertThat(printed.get(0).floatValue()).isEqualTo(logits[0]);
        assertThat(printed.get(1).floatValue()).isEqualTo(logits[1]);
      }
    }
  }

  @Test
  void theSameDataGivesTheSameProbe() throws IOException {
    train(IMAGES.toString(), "--c", "0.1,1", "--seed", "7");
    byte[] json = Files.readAllBytes(folder.resolve("probe/probe.json"));
    byte[] tensors = Files.readAllBytes(folder.resolve("probe/probe.safetensors"));
    CommandLineRun again = train(IMAGES.toString(), "--c", "1,0.1", "--seed", "7", "--no-cache");
    assertThat(again.exitCode()).isEqualTo(2); // --cache and --no-cache
    run(
        "probe",
        "train",
        "--data",
        IMAGES.toString(),
        "-o",
        path("probe"),
        "--no-cache",
        "--c",
        "1,0.1",
        "--seed",
        "7");
    assertThat(folder.resolve("probe/probe.json")).hasBinaryContent(json);
    assertThat(folder.resolve("probe/probe.safetensors")).hasBinaryContent(tensors);
  }

  @Test
  void aProbeForOtherFeaturesIsRefused() {
    train(IMAGES.toString(), "--c", "1");
    String image = IMAGES.resolve("with_mask/9000003.jpg").toString();
    String other = Golden.path("models/vit-relu").toString();
    for (CommandLineRun ran :
        List.of(
            CommandLineRun.of("classify", "--probe", path("probe"), "--model", other, image),
            CommandLineRun.of(
                "probe",
                "eval",
                "--probe",
                path("probe"),
                "--model",
                other,
                "--data",
                IMAGES.toString()))) {
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err())
          .contains(path("probe") + ": was trained on features of " + MODEL)
          .contains("checkpoint content (SHA-256) is ");
    }
    CommandLineRun mean = eval("--probe", path("probe"), "--pooling", "mean");
    assertThat(mean.exitCode()).isEqualTo(1);
    assertThat(mean.err()).contains("pooling is mean, expected cls");
    CommandLineRun unturned = eval("--probe", path("probe"), "--no-orientation");
    assertThat(unturned.err()).contains("EXIF orientation applied is false, expected true");
  }

  @Test
  void aDamagedProbeIsRefused() throws IOException {
    train(IMAGES.toString(), "--c", "1");
    Path tensors = folder.resolve("probe/probe.safetensors");
    Path json = folder.resolve("probe/probe.json");
    byte[] whole = Files.readAllBytes(tensors);
    whole[whole.length - 1] ^= 1;
    Files.write(tensors, whole);
    assertThat(eval("--probe", path("probe")).err()).contains("probe.safetensors: is not the file");
    Files.delete(tensors);
    assertThat(eval("--probe", path("probe")).err()).contains("probe.safetensors: does not exist");
    String text = Files.readString(json);
    Files.writeString(json, text.replace("\"version\" : 1", "\"version\" : 2"));
    assertThat(eval("--probe", path("probe")).err()).contains("key 'version' is 2, expected");
    Files.writeString(json, text.substring(0, text.length() / 2));
    assertThat(eval("--probe", path("probe")).err()).contains("probe.json: is not valid JSON");
    Files.delete(json);
    CommandLineRun none = eval("--probe", path("probe"));
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).contains("has no probe.json");
  }

  @Test
  void unreadableImagesAreSaidAndLeftOut() throws IOException {
    Path csv = folder.resolve("images.csv");
    StringBuilder lines = new StringBuilder("missing.png,b\n");
    try (Stream<Path> files = Files.list(IMAGES.resolve("with_mask"))) {
      files.sorted().limit(8).forEach(file -> lines.append(file).append(",a\n"));
    }
    try (Stream<Path> files = Files.list(IMAGES.resolve("without_mask"))) {
      files.sorted().limit(8).forEach(file -> lines.append(file).append(",b\n"));
    }
    Files.writeString(csv, lines);
    CommandLineRun ran = train(csv.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("missing.png: does not exist")
        .contains("1 of 17 images could not be read");
    assertThat(LinearProbe.load(folder.resolve("probe")).labels()).containsExactly("a", "b");
  }

  @Test
  void dataThatTeachNothingAreRefused() throws IOException {
    Path image = IMAGES.resolve("with_mask/9000003.jpg");
    Path csv = Files.writeString(folder.resolve("one.csv"), image + ",a\n");
    assertThat(train(csv.toString()).err()).contains("there is one class, 'a'");
    Files.writeString(csv, image + ",a\n" + image + ",b\n");
    assertThat(train(csv.toString()).err()).contains("no class has two images");
    Files.writeString(csv, image + ",a\nmissing.png,b\n");
    assertThat(train(csv.toString()).err()).contains("class 'b' has no image that can be read");
    assertThat(folder.resolve("probe")).doesNotExist();
  }

  /** What is not asked for is the probe's, be it no class token. */
  @Test
  void aProbeOfPatchesNeedsNoPoolingToBeNamed() {
    String siglip = Golden.path("models/siglip").toString();
    List<String> data = List.of("--data", IMAGES.toString(), "--cache", path("cache"));
    List<String> common = List.of("--model", siglip, "--backend", "cpu", "--normalize");
    CommandLineRun trained = probe(List.of("train", "-o", path("probe"), "--c", "1"), data, common);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    CommandLineRun evaluated = probe(List.of("eval", "--probe", path("probe")), data, common);
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    CommandLineRun otherwise =
        probe(List.of("eval", "--probe", path("probe"), "--pooling", "pooler"), data, common);
    assertThat(otherwise.err()).contains("pooling is pooler, expected mean");
  }

  @Test
  void aProbeReadsWhatTheModelPools() {
    String dinov2 = Golden.path("models/dinov2").toString();
    List<String> data = List.of("--data", IMAGES.toString(), "--cache", path("cache"));
    List<String> common = List.of("--model", dinov2, "--backend", "cpu");
    CommandLineRun trained =
        probe(
            List.of("train", "-o", path("probe"), "--c", "1", "--pooling", "pooled"), data, common);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(LinearProbe.load(folder.resolve("probe")).source().feature().pooling())
        .isEqualTo(Pooling.POOLED);
    CommandLineRun evaluated = probe(List.of("eval", "--probe", path("probe")), data, common);
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
  }

  private static CommandLineRun probe(
      List<String> command, List<String> data, List<String> common) {
    return CommandLineRun.of(
        Stream.of(List.of("probe"), command, data, common)
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    String image = IMAGES.resolve("with_mask/9000003.jpg").toString();
    assertThat(run("probe", "classify", image).exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("probe").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("probe", "train").exitCode()).isEqualTo(2);
    assertThat(train(IMAGES.toString(), "--c", "0").exitCode()).isEqualTo(2);
    assertThat(train(IMAGES.toString(), "--c", "NaN").exitCode()).isEqualTo(2);
    assertThat(train(IMAGES.toString(), "--validation", "1").exitCode()).isEqualTo(2);
    assertThat(train(IMAGES.toString(), "--pooling", "pooler", "--layer", "1").exitCode())
        .isEqualTo(2);
    assertThat(train(IMAGES.toString(), "--pooling", "tokens").exitCode()).isEqualTo(1);
  }
}
