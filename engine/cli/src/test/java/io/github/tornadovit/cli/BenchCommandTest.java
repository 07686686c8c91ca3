package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The command {@code bench}. */
class BenchCommandTest {
  private static final String MODEL = Golden.path("models/vit-two-labels").toString();

  private static CommandLineRun bench(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("bench", "--model", MODEL, "--seconds", "1", "--threads", "1"));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void jsonHasEveryNumberAndTheEnvironment() {
    CommandLineRun ran =
        bench("--backends", "cpu,reference", "--batches", "1,2", "--format", "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode facts = ran.json();
    assertThat(facts.propertyNames())
        .containsExactly(
            "environment",
            "latency_limit_ms",
            "logit_difference",
            "measurements",
            "targets",
            "skipped",
            "best",
            "choice",
            "unreadable",
            "advice");
    assertThat(facts.get("environment").propertyNames())
        .containsExactly(
            "date",
            "version",
            "commit",
            "java",
            "heap_bytes",
            "os",
            "processor",
            "processors",
            "threads");
    assertThat(facts.get("measurements").size()).isEqualTo(4);
    for (JsonNode measured : facts.get("measurements")) {
      assertThat(measured.propertyNames())
          .containsExactly(
              "backend",
              "device",
              "precision",
              "arguments",
              "batch",
              "images_per_second",
              "latency");
      assertThat(measured.get("images_per_second").asDouble()).isPositive();
    }
    assertThat(facts.get("best").size()).isEqualTo(2);
    assertThat(facts.get("advice").asString()).startsWith("Use --backend ");
  }

  @Test
  void theTableEndsWithAdvice() {
    CommandLineRun ran = bench("--batches", "2,1", "--latency-limit", "1e9");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.getFirst()).matches("device +batch +images/s +p50 ms +p95 ms .*");
    assertThat(lines.get(1)).matches("cpu \\(.*, 1 thread\\) +1 +\\d.*");
    assertThat(lines.get(2)).matches("cpu \\(.*, 1 thread\\) +2 +\\d.*");
    assertThat(lines).anyMatch(line -> line.endsWith("best"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("logits of all rows of one precision agree within "));
    assertThat(lines.getLast())
        .matches(
            "Use --backend cpu --batch [12], which is cpu .*: .* images/s, .* \\(limit: .*\\)\\.");
    CommandLineRun none = bench("--batches", "1", "--backends", "cpu", "--latency-limit", "1e-9");
    assertThat(none.exitCode()).isZero();
    assertThat(none.out())
        .contains("Nothing stays within 1.0E-9 ms: of --backend cpu --batch 1")
        .doesNotContain("best");
  }

  private static final String DRAWINGS = "../../weights/demo/images/with_mask";

  @Test
  void precisionsAreComparedOnImagesAndOneIsTaken() {
    List<String> int8 = List.of("--backends", "cpu", "--batches", "1", "--precision", "int8");
    List<String> arguments = new ArrayList<>(int8);
    arguments.addAll(List.of("--images", DRAWINGS, "none.png", "--limit", "8"));
    CommandLineRun ran = bench(arguments.toArray(String[]::new));
    assertThat(ran.exitCode()).isEqualTo(ran.err().contains("could not be read") ? 1 : 0);
    assertThat(ran.out())
        .containsPattern("arguments +same class as f32 +differ +largest logit difference +mean")
        .containsPattern("--backend cpu +8 of 8 +0.00 % +0 +0 ")
        .containsPattern("--backend cpu --precision int8 +[678] of 8 +\\d+.00 % +\\d.\\d\\de")
        .contains("Take --backend cpu");
    arguments.addAll(List.of("--format", "json", "--max-disagreement", "1"));
    JsonNode facts = bench(arguments.toArray(String[]::new)).json();
    assertThat(facts.at("/targets/1/precision").asString()).isEqualTo("int8");
    JsonNode agreement = facts.at("/targets/1/agreement");
    assertThat(agreement.propertyNames())
        .containsExactly(
            "images",
            "same_class",
            "disagreement",
            "largest_logit_difference",
            "mean_logit_difference");
    assertThat(agreement.get("images").asInt()).isEqualTo(8);
    assertThat(agreement.get("largest_logit_difference").asDouble())
        .isGreaterThan(agreement.get("mean_logit_difference").asDouble());
    assertThat(facts.at("/choice/max_disagreement").asDouble()).isEqualTo(1);
    assertThat(facts.at("/choice/taken").asString()).startsWith("--backend cpu");
    assertThat(facts.at("/targets/1/memory_bytes").asLong())
        .isLessThan(facts.at("/targets/0/memory_bytes").asLong());
    CommandLineRun unseen = bench(int8.toArray(String[]::new));
    assertThat(unseen.out()).contains("was not looked at: --images shows it.");
  }

  @Test
  void anImageThatCannotBeReadIsListedAndExitCodeOne() {
    CommandLineRun ran =
        bench(
            "--backends",
            "cpu",
            "--batches",
            "1",
            "--images",
            "none.png",
            DRAWINGS + "/9000003.jpg");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("unreadable: none.png").contains("1 of 1");
    assertThat(ran.err()).contains("1 of 2 images could not be read");
    CommandLineRun none = bench("--backends", "cpu", "--images", "none.png");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).contains("none of 1 images could be read");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(bench("--batches", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--batches", "one").exitCode()).isEqualTo(2);
    assertThat(bench("--backends", "auto").exitCode()).isEqualTo(2);
    assertThat(bench("--backends", "gpu").exitCode()).isEqualTo(2);
    assertThat(bench("--seconds", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--latency-limit", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--latency-limit", "NaN").exitCode()).isEqualTo(2);
    assertThat(bench("--max-disagreement", "1.5").exitCode()).isEqualTo(2);
    assertThat(bench("--limit", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void aBaseModelIsOneLine() {
    CommandLineRun ran =
        CommandLineRun.of(
            "bench",
            "--backends",
            "cpu",
            "--model",
            Golden.path("models/vit-model-pooler").toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no classifier");
  }
}
