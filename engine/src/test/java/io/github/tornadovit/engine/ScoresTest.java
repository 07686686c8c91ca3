package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  @Test
  void softmaxOfLargeLogitsDoesNotOverflow() {
    Classification answer =
        Scores.classify(new float[] {1000, 999, -1000}, LABELS, ProblemType.SINGLE_LABEL);
    assertThat(answer.top().label()).isEqualTo("a");
    assertThat((double) answer.top().score()).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-7));
    assertThat(answer.predictions().get(2).score()).isZero();
  }

  @Test
  void sigmoidScoresEachClassAlone() {
    Classification answer =
        Scores.classify(new float[] {0, 2, -200}, LABELS, ProblemType.MULTI_LABEL);
    assertThat(answer.predictions()).extracting(Prediction::label).containsExactly("b", "a", "c");
    assertThat(answer.predictions().get(1).score()).isEqualTo(0.5f);
    assertThat(answer.predictions().get(2).score()).isZero();
  }

  @Test
  void equalScoresKeepTheOrderOfTheClasses() {
    Classification answer =
        Scores.classify(new float[] {1, 1, 1}, LABELS, ProblemType.SINGLE_LABEL);
    assertThat(answer.predictions()).extracting(Prediction::id).containsExactly(0, 1, 2);
  }

  @Test
  void topIsClippedToTheNumberOfClasses() {
    Classification answer =
        Scores.classify(new float[] {1, 2, 3}, LABELS, ProblemType.SINGLE_LABEL);
    assertThat(answer.top(5)).hasSize(3);
    assertThat(answer.top(1)).extracting(Prediction::id).containsExactly(2);
  }

  @Test
  void logitsAreACopy() {
    Classification answer =
        Scores.classify(new float[] {1, 2, 3}, LABELS, ProblemType.SINGLE_LABEL);
    answer.logits()[0] = 9;
    assertThat(answer.logits()).containsExactly(1, 2, 3);
  }
}
