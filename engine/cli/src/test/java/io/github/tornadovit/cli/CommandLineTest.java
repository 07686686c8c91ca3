package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The contract of the command line: output, error lines, exit codes. */
class CommandLineTest {
  private static final String IMAGES = "../../weights/demo/images";
  private static final String BEIT = "../../weights/demo/beit";

  private static CommandLineRun run(String... arguments) {
    return CommandLineRun.of(arguments);
  }

  private static List<Path> drawings() throws IOException {
    try (var files = Files.walk(Path.of(IMAGES))) {
      return files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
  }

  @Test
  void classifyPrintsOneJsonEntryPerImageInOrder() throws IOException {
    List<Path> drawings = drawings().subList(0, 3);
    String[] names = drawings.stream().map(Path::toString).toArray(String[]::new);
    CommandLineRun ran =
        run("classify", "--format", "json", "--logits", names[2], names[0], names[1]);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode entries = ran.json();
    assertThat(entries.size()).isEqualTo(3);
    assertThat(entries.get(0).get("image").asString()).isEqualTo(names[2]);
    assertThat(entries.get(0).propertyNames()).containsExactly("image", "predictions", "logits");
    JsonNode predictions = entries.get(0).get("predictions");
    assertThat(predictions.size()).isEqualTo(2);
    assertThat(predictions.get(0).propertyNames()).containsExactly("id", "label", "score");
    double first = predictions.get(0).get("score").asDouble();
    double second = predictions.get(1).get("score").asDouble();
    assertThat(first).isGreaterThanOrEqualTo(second);
    assertThat(first + second).isBetween(0.999999, 1.000001);
  }

  @Test
  void classifySearchesFoldersAndGlobs() throws IOException {
    assertThat(run("classify", "--format", "json", "--top-k", "1", IMAGES).json().size())
        .isEqualTo(drawings().size());
    CommandLineRun globbed =
        run("classify", "--model", BEIT, "--format", "json", IMAGES + "/with_mask/*0*.jpg");
    assertThat(globbed.json().size()).isBetween(1, drawings().size() - 1);
  }

  @Test
  void anUnreadableImageIsAnErrorEntryAndExitCodeOne(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "not a picture");
    String good = drawings().getFirst().toString();
    CommandLineRun ran =
        run("classify", "--format", "json", broken.toString(), good, "missing.png");
    assertThat(ran.exitCode()).isEqualTo(1);
    JsonNode entries = ran.json();
    assertThat(entries.get(0).get("error").asString()).contains("broken.jpg");
    assertThat(entries.get(0).has("predictions")).isFalse();
    assertThat(entries.get(1).has("predictions")).isTrue();
    assertThat(entries.get(2).get("error").asString()).contains("missing.png");
    assertThat(ran.err()).contains("2 of 3 images could not be read");
  }

  @Test
  void csvQuotesAndCarriesErrors(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("a,\"b\".jpg"), "");
    CommandLineRun ran =
        run("classify", "--format", "csv", broken.toString(), drawings().getFirst().toString());
    assertThat(ran.out()).startsWith("image,rank,id,label,score,error\r\n");
    assertThat(ran.out()).contains("a,\"\"b\"\".jpg\",,,,,");
    assertThat(ran.out().split("\r\n")).hasSize(1 + 1 + 2);
  }

  @Test
  void theTableNamesLabelAndScore() throws IOException {
    CommandLineRun ran = run("classify", "--top-k", "1", drawings().getFirst().toString());
    assertThat(ran.out()).matches("(?s)\\S+\\.jpg +with(out)?_mask +[01]\\.\\d{4}\\R");
    assertThat(ran.err()).contains("embedded demo").containsPattern("device: (cpu|tornado) \\(");
  }

  @Test
  void embedWritesJsonAndNpyWithTheSameNumbers(@TempDir Path folder) throws IOException {
    String image = drawings().getFirst().toString();
    Path file = folder.resolve("features.npy");
    for (String pooling : List.of("cls", "mean")) {
      CommandLineRun json = run("embed", "--pooling", pooling, image);
      CommandLineRun npy =
          run(
              "embed",
              "--pooling",
              pooling,
              "--format",
              "npy",
              "-o",
              file.toString(),
              image,
              "missing.png");
      assertThat(npy.exitCode()).isEqualTo(1);
      JsonNode vector = json.json().get(0).get("embedding");
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int headerLength = bytes.getShort(8);
      assertThat((10 + headerLength) % 64).isZero();
      String header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
      assertThat(header).contains("'<f4'").contains("(2, " + vector.size() + ")").endsWith("\n");
      bytes.position(10 + headerLength);
      for (int i = 0; i < vector.size(); i++) {
        assertThat(bytes.getFloat()).isEqualTo(vector.get(i).floatValue());
      }
      assertThat(bytes.getFloat()).isNaN();
    }
  }

  @Test
  void embedTakesAnyLayerAllTokensAndUnitLength(@TempDir Path folder) throws IOException {
    String image = drawings().getFirst().toString();
    Path file = folder.resolve("tokens.npy");
    List<String> tokens = List.of("embed", "--pooling", "tokens", "--layer", "2", "--normalize");
    JsonNode rows = run(with(tokens, image)).json().get(0).get("embedding");
    CommandLineRun npy = run(with(tokens, "--format", "npy", "-o", file.toString(), image));
    assertThat(npy.exitCode()).as(npy.err()).isZero();
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).lines().findFirst())
        .get()
        .asString()
        .contains("(1, %d, %d)".formatted(rows.size(), rows.get(0).size()));
    double squares = 0;
    for (JsonNode value : rows.get(1)) {
      squares += value.asDouble() * value.asDouble();
    }
    assertThat(squares).isBetween(1 - 1e-6, 1 + 1e-6);
    JsonNode cls = run(with(List.of("embed", "--layer", "2", "--normalize"), image)).json();
    assertThat(cls.get(0).get("embedding").size()).isEqualTo(rows.get(0).size());
    for (int i = 0; i < rows.get(0).size(); i++) {
      assertThat(cls.get(0).get("embedding").get(i).asDouble())
          .isCloseTo(rows.get(0).get(i).asDouble(), within(1e-6));
    }
  }

  private static String[] with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aLayerThatIsNotThereIsRefusedAndLeavesNoFile(@TempDir Path folder) throws IOException {
    String image = drawings().getFirst().toString();
    Path file = folder.resolve("features.json");
    CommandLineRun ran = run("embed", "--layer", "99", "-o", file.toString(), image);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("layer is 99, expected 0 (the embeddings) to ");
    assertThat(folder).isEmptyDirectory();
    assertThat(run("embed", "--layer", "99", image).out()).isEmpty();
    assertThat(run("embed", "--layer", "-1", image).exitCode()).isEqualTo(2);
    assertThat(run("embed", "--layer", "1", "--pooling", "pooler", image).exitCode()).isEqualTo(2);
  }

  @Test
  void aPoolerThatIsNotThereIsRefused() throws IOException {
    CommandLineRun ran = run("embed", "--pooling", "pooler", drawings().getFirst().toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("pooler.dense.weight").contains("use pooling cls, mean, pooled");
    CommandLineRun beit =
        run("embed", "--model", BEIT, "--pooling", "pooler", drawings().getFirst().toString());
    assertThat(beit.exitCode()).as(beit.err()).isZero();
  }

  @Test
  void inspectTellsWhatACheckpointIs() {
    JsonNode facts = run("inspect", "--model", BEIT, "--format", "json").json();
    assertThat(facts.get("architecture").asString()).isEqualTo("BEiT");
    assertThat(facts.get("labels").size()).isEqualTo(2);
    assertThat(facts.get("tensors_unread").toString()).contains("relative_position_index");
    assertThat(facts.get("weights_bytes").asLong()).isPositive();
    assertThat(run("inspect", "--tensors").out()).contains("hidden_size").contains("F32 [");
  }

  @Test
  void embedSaysWhichFeatureItIs() throws IOException {
    String clip = Golden.path("models/clip-projection").toString();
    String image = drawings().getFirst().toString();
    assertThat(run("embed", "--model", clip, "--pooling", "pooler", image).err())
        .contains("feature: pooler [")
        .contains("before the projection; --pooling projection gives image_embeds");
    String dinov2 = Golden.path("models/dinov2").toString();
    CommandLineRun pooled = run("embed", "--model", dinov2, "--pooling", "pooled", image);
    assertThat(pooled.exitCode()).as(pooled.err()).isZero();
    assertThat(pooled.err()).contains("feature: pooled [");
    assertThat(run("embed", "--model", dinov2, "--pooling", "projection", image).err())
        .contains("has no projection", "use pooling cls, mean, pooled, pooler or tokens");
  }

  @Test
  void aBaseModelDoesNotClassifyButEmbeds() throws IOException {
    String folder = Golden.path("models/vit-model-pooler").toString();
    String image = drawings().getFirst().toString();
    CommandLineRun ran = run("classify", "--model", folder, image);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("no classifier");
    assertThat(run("embed", "--model", folder, "--pooling", "pooler", image).exitCode()).isZero();
  }

  @Test
  void failuresAreOneLineAndDebugAddsTheTrace() {
    CommandLineRun ran = run("inspect", "--model", "no/such/folder");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).contains("no/such/folder");
    assertThat(run("--debug", "inspect", "--model", "no/such/folder").err()).contains("\tat ");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(run().exitCode()).isEqualTo(2);
    assertThat(run("classify").exitCode()).isEqualTo(2);
    assertThat(run("classify", "--format", "xml", "a.jpg").exitCode()).isEqualTo(2);
    assertThat(run("classify", "--top-k", "0", "a.jpg").exitCode()).isEqualTo(2);
    assertThat(run("classify", "--batch", "0", "a.jpg").exitCode()).isEqualTo(2);
    assertThat(run("classify", "--threads", "-1", "a.jpg").exitCode()).isEqualTo(2);
    assertThat(run("nonsense").exitCode()).isEqualTo(2);
    assertThat(run("--help").exitCode()).isZero();
    assertThat(run("--version").out()).startsWith("tornado-vit ");
  }

  @Test
  void aFolderWithoutImagesIsAFailure(@TempDir Path folder) {
    CommandLineRun ran = run("classify", folder.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("holds no image");
    assertThat(run("classify", folder + "/*.png").err()).contains("matches no image");
  }
}
