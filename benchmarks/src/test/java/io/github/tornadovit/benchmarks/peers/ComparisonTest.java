package io.github.tornadovit.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.benchmarks.model.Agreement;
import io.github.tornadovit.benchmarks.model.LogitsCheck.MismatchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Comparison.Protocol PROTOCOL =
      new Comparison.Protocol(3, Duration.ofMillis(20), Duration.ofMillis(70), Duration.ZERO);

  private final List<String> diary = new ArrayList<>();
  private final List<Double> peaks = new ArrayList<>();

  private Comparison comparison(Contestant... contestants) {
    return new Comparison(
        List.of(contestants),
        () -> {
          diary.add("peak");
          peaks.add(100.0 * (1 + peaks.size()));
          return peaks.getLast();
        },
        PROTOCOL,
        true);
  }

  @Test
  void checksThenWarmsUpThenTakesTurnsInAnOrderThatMoves() {
    comparison(
            new FakeContestant("ours", 10, diary, 1, 2),
            new FakeContestant("a", 20, diary, 1, 2),
            new FakeContestant("b", 40, diary, 1, 2))
        .run(4);
    assertThat(diary)
        .containsExactly(
            "ours logits 4",
            "ours logits 4",
            "a logits 4",
            "b logits 4",
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
            "a measure 4 20",
            "peak",
            "peak",
            "b measure 4 20",
            "peak",
            "peak",
            "ours measure 4 20",
            "peak",
            "peak",
            "b measure 4 20",
            "peak",
            "peak",
            "ours measure 4 20",
            "peak",
            "peak",
            "a measure 4 20",
            "peak");
  }

  @Test
  void warmsASlowEngineUpForSomePassesAndNotOne() {
    Comparison.Protocol none =
        new Comparison.Protocol(1, Duration.ofMillis(20), Duration.ZERO, Duration.ZERO);
    Contestant slow = new FakeContestant("slow", 9000, diary, 1, 2);
    new Comparison(List.of(slow), () -> 1, none, true).run(1);
    assertThat(diary).filteredOn(entry -> entry.equals("slow measure 1 0")).hasSize(3);
  }

  @Test
  void measuresNothingThatIsNotEqual() {
    Comparison comparison =
        comparison(
            new FakeContestant("ours", 10, diary, 1, 2),
            new FakeContestant("liar", 1, diary, 1, 2.1f));
    assertThatThrownBy(() -> comparison.run(1))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("ours")
        .hasMessageContaining("liar");
    assertThat(diary).noneMatch(entry -> entry.contains("measure"));
  }

  @Test
  void recordsEachTurnWithTheMedianThePeakAroundItAndWhatOthersUsed() {
    Series series =
        comparison(
                new FakeContestant("ours", 10, diary, 1, 2),
                new FakeContestant("a", 20, diary, 1, 2))
            .run(1)
            .get(1);
    assertThat(series.engine()).isEqualTo("a");
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
  void comparesRoundByRoundSoThatADriftingMachineDoesNotMatter() {
    Series ours = series("ours", 2, 10, 100, 30);
    Series peer = series("peer", 2, 20, 200, 60);
    assertThat(ours.millis()).isEqualTo(30);
    assertThat(ours.imagesPerSecond()).isEqualTo(2000.0 / 30, within(1e-9));
    assertThat(ours.ratioTo(peer)).isEqualTo(2);
    // 2 images of 5 GFLOP in 10 ms are 1000 GFLOP/s, and so on; peaks are 1000, 2000, 3000.
    assertThat(ours.fractionOfPeak(5_000_000_000L)).isEqualTo(1.0 / 9, within(1e-9));
  }

  @Test
  void whoeverComputesSomethingElseIsMeasuredAllTheSameWhereThatIsAskedFor() {
    List<Series> series =
        new Comparison(
                List.of(
                    new FakeContestant("ours", 10, diary, 1, 2, 3, 4),
                    new FakeContestant("other", 10, diary, 1, 2, 3, 2.5f),
                    new FakeContestant("broken", 10, diary, 1, 2, 3, Float.NaN),
                    new FakeContestant("short", 10, diary, 1, 2)),
                () -> 1,
                PROTOCOL,
                false)
            .run(2);
    assertThat(series)
        .extracting(Series::agreement)
        .containsExactly(
            new Agreement(0, 2, 2),
            new Agreement(1.5, 1, 2),
            new Agreement(Double.NaN, 1, 2),
            new Agreement(Double.NaN, 0, 2));
    assertThat(series)
        .extracting(one -> one.agreement().equal())
        .containsExactly(true, false, false, false);
  }

  static Series series(String engine, int batch, double... millis) {
    List<Turn> turns = new ArrayList<>();
    for (int round = 0; round < millis.length; round++) {
      turns.add(new Turn(round, millis[round], 7, 1000 * (round + 1), 0.01 * round));
    }
    return new Series(
        engine, "1", batch, new Agreement(1e-6, batch, batch), turns, OptionalLong.of(5L << 20));
  }
}
