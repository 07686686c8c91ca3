package io.github.tornadovit.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Turns, shares and times, on a clock that only passes move. */
class RoundsTest {
  private final List<String> ran = new ArrayList<>();
  private long now;

  private Runnable pass(String name, long nanos) {
    return () -> {
      ran.add(name);
      now += nanos;
    };
  }

  @Test
  void everyPassGetsItsShareInEveryRound() throws InterruptedException {
    List<long[]> times = Rounds.run(List.of(pass("a", 10), pass("b", 50)), 2_000, () -> now);
    assertThat(times.get(0)).hasSize(100).containsOnly(10);
    assertThat(times.get(1)).hasSize(20).containsOnly(50);
    // A tenth of the share of each, forwards, then backwards.
    assertThat(String.join("", ran).substring(0, 36))
        .isEqualTo("a".repeat(10) + "bbbb" + "a".repeat(20) + "bb");
  }

  @Test
  void aSlowPassWaitsUntilItsShareHasGrown() throws InterruptedException {
    List<long[]> times = Rounds.run(List.of(pass("a", 10), pass("b", 450)), 2_000, () -> now);
    assertThat(times.get(1)).hasSize(3);
    assertThat(times.get(0)).hasSize(100);
    assertThat(String.join("", ran)).matches("a{10}ba+ba+ba+");
  }

  @Test
  void everyPassRunsAtLeastOnce() throws InterruptedException {
    assertThat(Rounds.run(List.of(pass("a", 9_999)), 1, () -> now).getFirst())
        .containsExactly(9_999);
    // Even if the clock stands still.
    assertThat(Rounds.run(List.of(pass("a", 0)), 100, () -> now).getFirst()).containsOnly(1);
    assertThat(Rounds.run(List.of(), 100, () -> now)).isEmpty();
  }

  @Test
  void anInterruptEndsItBeforeTheNextPass() {
    Runnable interrupting = () -> Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Rounds.run(List.of(interrupting, pass("b", 1)), 100, () -> now))
        .isInstanceOf(InterruptedException.class);
    assertThat(ran).isEmpty();
  }
}
