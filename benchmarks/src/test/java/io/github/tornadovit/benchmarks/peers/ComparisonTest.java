package io.github.tornadovit.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.bench.BenchException;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Comparison.Protocol PROTOCOL =
      new Comparison.Protocol(3, Duration.ofMillis(20), Duration.ofMillis(70), Duration.ZERO);

  private final List<String> diary = new ArrayList<>();
  private final List<Double> peaks = new ArrayList<>();

  private Comparison comparison(FakeContestant... engines) {
    return new Comparison(
        Stream.of(engines)
            .map(engine -> new Comparison.Entry(engine, engine.logits(1), this::peak, true))
            .toList(),
        PROTOCOL);
  }

  private double peak() {
    diary.add("peak");
    peaks.add(100.0 * (1 + peaks.size()));
    return peaks.getLast();
  }

  @Test
  void warmsUpThenTakesTurnsInAnOrderThatIsTurnedRound() throws Exception {
    comparison(
            new FakeContestant("ours", 10, diary, 1, 2),
            new FakeContestant("a", 20, diary, 1, 2),
            new FakeContestant("b", 40, diary, 1, 2))
        .run(4);
    assertThat(diary)
        .containsExactly(
            "ours logits 1",
            "a logits 1",
            "b logits 1",
            "ours measure 4 70",
            "a measure 4 70",
            "b measure 4 70",
            "peak",
            "ours measure 4 20",
            "peak",
            "peak",
            "a measure 4 20",
            "peak",
            "peak",
            "b measure 4 20",
            "peak",
            "peak",
            "b measure 4 20",
            "peak",
            "peak",
            "a measure 4 20",
            "peak",
            "peak",
            "ours measure 4 20",
            "peak",
            "peak",
            "ours measure 4 20",
            "peak",
            "peak",
            "a measure 4 20",
            "peak",
            "peak",
            "b measure 4 20",
            "peak");
  }

  @Test
  void warmsASlowEngineUpForSomePassesAndNotOne() throws Exception {
    Comparison.Protocol none =
        new Comparison.Protocol(1, Duration.ofMillis(20), Duration.ZERO, Duration.ZERO);
    EngineProcess slow = new FakeContestant("slow", 9000, diary, 1, 2);
    new Comparison(List.of(new Comparison.Entry(slow, slow.logits(1), () -> 1, true)), none).run(1);
    assertThat(diary).filteredOn(entry -> entry.equals("slow measure 1 0")).hasSize(3);
  }

  @Test
  void measuresNothingThatIsNotEqual() throws Exception {
    Comparison comparison =
        comparison(
            new FakeContestant("ours", 10, diary, 1, 2),
            new FakeContestant("liar", 1, diary, 1, 2.1f));
    assertThatThrownBy(() -> comparison.run(1))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("ours")
        .hasMessageContaining("liar");
    assertThat(diary).noneMatch(entry -> entry.contains("measure"));
  }

  @Test
  void recordsEachTurnWithTheMedianThePeakAroundItAndWhatOthersUsed() throws Exception {
    Comparison.Series series =
        comparison(
                new FakeContestant("ours", 10, diary, 1, 2),
                new FakeContestant("a", 20, diary, 1, 2))
            .run(1)
            .get(1);
    assertThat(series.turns()).extracting(Turn::round).containsExactly(0, 1, 2);
    assertThat(series.turns()).extracting(Turn::millis).containsOnly(20.0);
    assertThat(series.turns()).extracting(Turn::forwards).containsOnly(3);
    // The mean of two: second turn in round 0, first in round 1, second in round 2.
    assertThat(series.turns())
        .extracting(Turn::peakGigaflops)
        .containsExactly(350.0, 550.0, 1150.0);
    assertThat(series.turns()).allMatch(turn -> turn.othersShare() > 1);
  }

  @Test
  void whoeverComputesSomethingElseIsMeasuredAllTheSameWhereThatIsAskedFor() throws Exception {
    List<Comparison.Series> series =
        new Comparison(
                Stream.of(
                        new FakeContestant("ours", 10, diary, 1, 2, 3, 4),
                        new FakeContestant("other", 10, diary, 1, 2, 3, 2.5f),
                        new FakeContestant("broken", 10, diary, 1, 2, 3, Float.NaN),
                        new FakeContestant("short", 10, diary, 1, 2))
                    .map(
                        engine ->
                            new Comparison.Entry(
                                engine, engine.logits(2), () -> 1, engine.name().equals("ours")))
                    .toList(),
                PROTOCOL)
            .run(2);
    assertThat(series)
        .extracting(Comparison.Series::agreement)
        .containsExactly(
            new Agreement(0, 0, 2, 2),
            new Agreement(1.5, 0.375, 1, 2),
            new Agreement(Double.NaN, Double.NaN, 1, 2),
            new Agreement(Double.NaN, Double.NaN, 0, 2));
    assertThat(series)
        .extracting(one -> one.agreement().equal())
        .containsExactly(true, false, false, false);
  }
}
