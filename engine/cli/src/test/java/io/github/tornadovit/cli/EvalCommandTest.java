package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code eval}. */
class EvalCommandTest {
  private static final Path IMAGES = Path.of("../../weights/demo/images");

  private static CommandLineRun eval(Object data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("eval", "--backend", "cpu", "--warm-up", "0", "--data", data.toString()));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void jsonHasTheTrainersNamesAndEverythingBehindThem() {
    CommandLineRun ran = eval(IMAGES, "--format", "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode facts = ran.json();
    assertThat(facts.propertyNames())
        .containsExactly(
            "eval_accuracy",
            "eval_loss",
            "eval_runtime",
            "eval_samples_per_second",
            "eval_steps_per_second",
            "images",
            "steps",
            "batch",
            "device",
            "forward",
            "classes",
            "confusion",
            "misclassified",
            "unreadable",
            "published");
    assertThat(facts.get("eval_accuracy").asDouble()).isEqualTo(0.96);
    assertThat(facts.get("device").propertyNames()).containsExactly("backend", "name", "reason");
    assertThat(facts.at("/forward/latency").propertyNames())
        .containsExactly("passes", "p50_ms", "p95_ms", "p99_ms");
    assertThat(facts.get("confusion").toString())
        .isEqualTo("{\"labels\":[\"with_mask\",\"without_mask\"],\"counts\":[[47,3],[1,49]]}");
    assertThat(facts.get("misclassified").size()).isEqualTo(4);
    assertThat(facts.at("/published/note").asString()).contains("hardware unstated");
    assertThat(facts.at("/published/rows/0/eval_samples_per_second").asDouble()).isEqualTo(97.685);
  }

  @Test
  void theTableBeginsWithTheTrainersLines() {
    CommandLineRun ran = eval(IMAGES, "--limit", "10", "--batch", "4");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("***** eval metrics *****");
    assertThat(lines.get(1)).matches("  eval_accuracy           = +[01]\\.\\d+");
    assertThat(lines.get(3)).matches("  eval_runtime            = +0:0\\d:\\d\\d\\.\\d\\d");
    assertThat(lines)
        .anyMatch(line -> line.matches("this run .* 10 +4"))
        .anyMatch(line -> line.matches("ViT face mask card +0\\.9894 +0\\.0395 +0:00:36\\.81 .*"))
        .anyMatch(line -> line.matches("BEiT face mask card +0\\.975 +0\\.0803 +0:03:13\\.02 .*"))
        .contains("cards: published Trainer rates, hardware unstated, data loading included")
        .anyMatch(line -> line.matches("device: cpu \\(.*\\), asked for by name"))
        .anyMatch(line -> line.matches("with_mask +[01]\\.\\d{4} .* 5"));
    assertThat(ran.err()).contains("device: cpu").doesNotContain("\r");
  }

  @Test
  void precisionsAreComparedOnTheSameImages() {
    JsonNode facts =
        eval(IMAGES, "--limit", "40", "--format", "json", "--precision", "int8,f32").json();
    assertThat(facts.propertyNames())
        .containsExactly("images", "batch", "precisions", "choice", "changed", "unreadable");
    assertThat(facts.at("/precisions/0/precision").asString()).isEqualTo("f32");
    assertThat(facts.at("/precisions/0/eval_accuracy").asDouble()).isBetween(0.9, 1.0);
    assertThat(facts.at("/precisions/0/agreement/largest_logit_difference").asDouble()).isZero();
    assertThat(facts.at("/precisions/0/agreement/same_class").asInt()).isEqualTo(40);
    JsonNode int8 = facts.at("/precisions/1");
    assertThat(int8.get("precision").asString()).isEqualTo("int8");
    assertThat(int8.get("eval_accuracy").asDouble()).isBetween(0.9, 1.0);
    assertThat(int8.at("/agreement/same_class").asInt())
        .isEqualTo(40 - facts.get("changed").size())
        .isGreaterThanOrEqualTo(39);
    assertThat(int8.at("/agreement/largest_logit_difference").asDouble()).isBetween(1e-3, 0.5);
    assertThat(int8.get("memory_bytes").asLong())
        .isLessThan(facts.at("/precisions/0/memory_bytes").asLong());
    assertThat(int8.at("/device/name").asString()).startsWith("int8: ");
    CommandLineRun table = eval(IMAGES, "--limit", "6", "--precision", "f32,int8");
    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.out().lines().toList().get(1)).matches("f32 +6 of 6 +0.00 % +0 +0 +.*");
    assertThat(table.out()).containsPattern("(?m)^Take (f32|int8): ");
  }

  /** bf16 is there or said to be missing, by whichever processor; the others are compared. */
  @Test
  void aPrecisionThatIsNotHereCostsItselfAlone() {
    CommandLineRun ran =
        eval(IMAGES, "--limit", "4", "--format", "json", "--precision", "f32,bf16,int8");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    boolean here = !ran.err().contains("not compared: backend 'cpu': bf16 needs ");
    assertThat(ran.json().get("precisions").size()).isEqualTo(here ? 3 : 2);
    assertThat(eval(IMAGES, "--limit", "4", "--precision", "f32,bf16").exitCode())
        .isEqualTo(here ? 0 : 1);
  }

  @Test
  void oneThatTakesOnePrecisionSaysWhoTakesSeveral() {
    CommandLineRun ran =
        CommandLineRun.of("classify", "--precision", "f32,int8", IMAGES.toString());
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--precision names f32, int8, expected one; eval and bench compare several");
  }

  @Test
  void anUnreadableImageIsListedAndExitCodeOne(@TempDir Path folder) throws IOException {
    Path good = IMAGES.resolve("with_mask/9000003.jpg").toAbsolutePath();
    Path csv =
        Files.writeString(folder.resolve("labels.csv"), "missing.png,0\n" + good + ",with_mask\n");
    CommandLineRun ran = eval(csv);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("missing.png: does not exist");
    assertThat(ran.err()).contains("1 of 2 images could not be read");
    JsonNode facts = eval(csv, "--format", "json").json();
    assertThat(facts.get("images").asInt()).isEqualTo(1);
    assertThat(facts.at("/unreadable/0/error").asString()).contains("missing.png");
  }

  @Test
  void failuresAreOneLineMoreThanTheDevice(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("mask"));
    for (Path data : List.of(folder, folder.resolve("mask"), folder.resolve("none.csv"))) {
      CommandLineRun ran = eval(data);
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err().lines().filter(line -> line.startsWith("tornado-vit: ")))
          .singleElement()
          .asString()
          .contains(data.toString());
    }
    assertThat(eval(folder).err()).contains("with_mask, without_mask").contains("closest");
    String base = Golden.path("models/vit-model-pooler").toString();
    assertThat(eval(IMAGES, "--model", base).err()).contains("base model");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(CommandLineRun.of("eval").exitCode()).isEqualTo(2);
    assertThat(eval(IMAGES, "--limit", "0").exitCode()).isEqualTo(2);
    CommandLineRun cold = CommandLineRun.of("eval", "--data", "images", "--warm-up", "-1");
    assertThat(cold.exitCode()).isEqualTo(2);
    assertThat(cold.err()).contains("--warm-up is -1.0, expected 0 seconds or more");
    assertThat(eval(IMAGES, "--format", "csv").exitCode()).isEqualTo(2);
    assertThat(eval(IMAGES, "--max-disagreement", "-0.1").exitCode()).isEqualTo(2);
  }
}
