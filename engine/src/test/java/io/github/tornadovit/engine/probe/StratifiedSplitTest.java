package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  /** 50 of class 0, 20 of class 1, 3 of class 2, 1 of class 3, mixed. */
  private static final int[] LABELS =
      IntStream.range(0, 74)
          .map(i -> i * 31 % 74)
          .map(i -> i < 50 ? 0 : i < 70 ? 1 : i < 73 ? 2 : 3)
          .toArray();

  private static long count(List<Integer> places, int label) {
    return places.stream().filter(place -> LABELS[place] == label).count();
  }

  @Test
  void everyClassKeepsItsShare() {
    StratifiedSplit split = StratifiedSplit.of(LABELS, 4, 0.2, 5);
    assertThat(Stream.concat(split.training().stream(), split.validation().stream()).sorted())
        .containsExactlyElementsOf(IntStream.range(0, 74).boxed().toList());
    assertThat(count(split.validation(), 0)).isEqualTo(10);
    assertThat(count(split.validation(), 1)).isEqualTo(4);
    assertThat(count(split.validation(), 2)).isEqualTo(1);
    assertThat(count(split.validation(), 3)).isZero();
    assertThat(split.training()).isSorted();
  }

  @Test
  void noClassOfTwoOrMoreIsWithoutTraining() {
    StratifiedSplit split = StratifiedSplit.of(LABELS, 4, 0.999, 5);
    assertThat(IntStream.range(0, 4)).allMatch(id -> count(split.training(), id) == 1);
    StratifiedSplit little = StratifiedSplit.of(LABELS, 4, 0.001, 5);
    assertThat(IntStream.range(0, 3)).allMatch(id -> count(little.validation(), id) == 1);
  }

  @Test
  void theSeedDecides() {
    assertThat(StratifiedSplit.of(LABELS, 4, 0.2, 5))
        .isEqualTo(StratifiedSplit.of(LABELS, 4, 0.2, 5));
    assertThat(StratifiedSplit.of(LABELS, 4, 0.2, 6))
        .isNotEqualTo(StratifiedSplit.of(LABELS, 4, 0.2, 5));
  }
}
