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
            "skipped",
            "best",
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
              "backend", "device", "arguments", "batch", "images_per_second", "latency");
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

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(bench("--batches", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--batches", "one").exitCode()).isEqualTo(2);
    assertThat(bench("--backends", "auto").exitCode()).isEqualTo(2);
    assertThat(bench("--backends", "gpu").exitCode()).isEqualTo(2);
    assertThat(bench("--seconds", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--latency-limit", "0").exitCode()).isEqualTo(2);
    assertThat(bench("--latency-limit", "NaN").exitCode()).isEqualTo(2);
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
