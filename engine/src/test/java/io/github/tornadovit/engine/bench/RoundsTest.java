package io.github.tornadovit.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Turns, shares and times, on a clock that only passes move. */
class RoundsTest {
  private final List<String> ran = new ArrayList<>();
  private long now;

  /** Passes of a given time. */
  private Rounds.Entry entry(String name, long nanos) {
    Contestant contestant =
        new Contestant() {
          @Override
          public String name() {
            return name;
          }

          @Override
          public float[] logits(int batch) {
            return new float[batch];
          }

          @Override
          public long[] measure(int batch, long duration) throws InterruptedException {
            return Contestant.time(
                () -> {
                  ran.add(name);
                  now += nanos;
                },
                duration,
                () -> now);
          }
        };
    return new Rounds.Entry(contestant, 1);
  }

  private List<long[]> run(Rounds rounds, Rounds.Entry... entries) throws InterruptedException {
    return rounds.run(List.of(entries)).stream()
        .map(turns -> turns.stream().flatMapToLong(LongStream::of).toArray())
        .toList();
  }

  @Test
  void everyoneGetsItsShareInEveryRound() throws InterruptedException {
    List<long[]> times = run(new Rounds(10, 100, false), entry("a", 10), entry("b", 50));
    assertThat(times.get(0)).hasSize(100).containsOnly(10);
    assertThat(times.get(1)).hasSize(20).containsOnly(50);
    // A tenth of the share of each, forwards, then backwards.
    assertThat(String.join("", ran).substring(0, 36))
        .isEqualTo("a".repeat(10) + "bbbb" + "a".repeat(20) + "bb");
  }

  @Test
  void aSlowPassWaitsUntilItsShareHasGrown() throws InterruptedException {
    List<long[]> times = run(new Rounds(10, 100, false), entry("a", 10), entry("b", 450));
    assertThat(times.get(1)).hasSize(3);
    assertThat(times.get(0)).hasSize(100);
    assertThat(String.join("", ran)).matches("a{10}ba+ba+ba+");
  }

  @Test
  void aSlowPassHasATurnInEveryRoundWhereRoundsAreCompared() throws InterruptedException {
    List<List<long[]>> turns =
        new Rounds(3, 100, true).run(List.of(entry("a", 40), entry("b", 450)));
    assertThat(turns.get(0)).hasSize(3).allMatch(turn -> turn.length == 3);
    assertThat(turns.get(1)).hasSize(3).allMatch(turn -> turn.length == 1);
    assertThat(String.join("", ran)).isEqualTo("aaabbaaaaaab");
  }

  @Test
  void everyoneRunsAtLeastOnce() throws InterruptedException {
    assertThat(run(new Rounds(10, 1, false), entry("a", 9_999)).getFirst()).containsExactly(9_999);
    // Even if the clock stands still.
    assertThat(run(new Rounds(10, 10, false), entry("a", 0)).getFirst()).containsOnly(1);
    assertThat(run(new Rounds(10, 10, false))).isEmpty();
  }

  @Test
  void anInterruptEndsItBeforeTheNextPass() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> run(new Rounds(10, 10, true), entry("a", 1)))
        .isInstanceOf(InterruptedException.class);
    assertThat(ran).isEmpty();
  }
}
