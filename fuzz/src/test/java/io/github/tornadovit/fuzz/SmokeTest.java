package io.github.tornadovit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.fuzz.Jazzer.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on a target of each kind for a moment, with the same random numbers each time. {@code
 * -Dtornadovit.thorough=true} takes every target, {@code -Dtornadovit.fuzzSeconds} makes it longer.
 * {@code ./run} is for looking properly.
 */
class SmokeTest {
  /**
   * A JVM that fuzzes starts for seconds; these are weights, JSON, whole models, an image, lists,
   * the hub, requests and Spark.
   */
  private static final Set<Target> ONE_OF_EACH_KIND =
      EnumSet.of(
          Target.SAFETENSORS_FILE,
          Target.TORCH_ZIP,
          Target.CONFIG,
          Target.EDITS,
          Target.IMAGE_WEBP,
          Target.LABELS,
          Target.HUB_ANSWER,
          Target.REQUEST_INFER,
          Target.SPARK_IMAGE);

  private static final int SECONDS = Integer.getInteger("tornadovit.fuzzSeconds", 1);

  private static final Path FOLDER = Path.of("target", "fuzz");

  static Set<Target> targets() {
    return Boolean.getBoolean("tornadovit.thorough")
        ? EnumSet.allOf(Target.class)
        : ONE_OF_EACH_KIND;
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Execution(ExecutionMode.CONCURRENT) // Each starts a JVM of its own, which is most of its time.
  void nothingIsFoundInAMoment(Target target) throws Exception {
    assumeTrue(
        Jazzer.isAvailable(), () -> "Jazzer has no native part for here: " + Jazzer.nativePart());
    Outcome outcome = new Jazzer(FOLDER, new Corpus(Path.of("")), 1).search(target, SECONDS);
    assertThat(outcome.executions()).as(() -> read(outcome.log())).isPositive();
    assertThat(outcome.findings())
        .as(
            "inputs that break the contract of %s; fuzz/run replay %s FILE shows how, see %s",
            target.id(), target.id(), outcome.log())
        .isEmpty();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
