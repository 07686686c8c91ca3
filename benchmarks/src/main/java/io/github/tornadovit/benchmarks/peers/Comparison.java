package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.model.Agreement;
import io.github.tornadovit.benchmarks.model.LogitsCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Lets engines take turns. For every batch size: all are checked against the first, all warm up,
 * then rounds in which each has one turn. A round's order is the last one's moved by one, so that
 * nobody always follows the same engine. Only one engine computes at a time.
 *
 * @param contestants ours first
 * @param peak measures the machine's peak in GFLOP/s; asked before and after every turn
 * @param strict whether engines that compute something else than ours end the comparison; if not,
 *     the series says how far they agree
 */
public record Comparison(
    List<? extends Contestant> contestants,
    DoubleSupplier peak,
    Protocol protocol,
    boolean strict) {

  /** Passes before anything counts, however slow: PyTorch's JIT compiles after watching a few. */
  public static final int WARM_UP_PASSES = 3;

  /**
   * How long to measure.
   *
   * @param rounds turns of every engine at a batch size
   * @param turn how long a turn is, at least; one forward pass if that takes longer
   * @param warmUp of every engine at every batch size, at least; three forward passes if those take
   *     longer
   * @param pause between turns, for the threads of the last engine to go to sleep
   */
  public record Protocol(int rounds, Duration turn, Duration warmUp, Duration pause) {}

  /** Copies the list. */
  public Comparison {
    contestants = List.copyOf(contestants);
  }

  /** All turns at one batch size, a series per engine in their order. */
  public List<Series> run(int batch) {
    List<Agreement> agreements = check(batch);
    List<List<Turn>> turns = new ArrayList<>();
    for (Contestant contestant : contestants) {
      warmUp(contestant, batch);
      turns.add(new ArrayList<>());
    }
    for (int round = 0; round < protocol.rounds(); round++) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < contestants.size(); i++) {
        order.add(i);
      }
      Collections.rotate(order, -round);
      for (int index : order) {
        turns.get(index).add(turn(contestants.get(index), batch, round));
      }
    }
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      Contestant contestant = contestants.get(i);
      series.add(
          new Series(
              contestant.name(),
              contestant.version(),
              batch,
              agreements.get(i),
              turns.get(i),
              contestant.maxResidentBytes()));
    }
    return series;
  }

  private void warmUp(Contestant contestant, int batch) {
    int passes = contestant.measure(batch, protocol.warmUp()).size();
    while (passes < WARM_UP_PASSES) {
      passes += contestant.measure(batch, Duration.ZERO).size();
    }
  }

  private List<Agreement> check(int batch) {
    Contestant ours = contestants.getFirst();
    float[] expected = ours.logits(batch);
    List<Agreement> agreements = new ArrayList<>();
    for (Contestant contestant : contestants) {
      float[] actual = contestant.logits(batch);
      if (strict) {
        LogitsCheck.requireEqual(ours.name(), expected, contestant.name(), actual, batch);
      }
      agreements.add(LogitsCheck.compare(expected, actual, batch));
    }
    return agreements;
  }

  private Turn turn(Contestant contestant, int batch, int round) {
    sleep(protocol.pause());
    double before = peak.getAsDouble();
    sleep(protocol.pause());
    Duration others = processorTimeOfOthers(contestant);
    long begin = System.nanoTime();
    List<Double> millis = contestant.measure(batch, protocol.turn());
    long nanos = Math.max(1, System.nanoTime() - begin);
    Duration used = processorTimeOfOthers(contestant).minus(others);
    sleep(protocol.pause());
    double around = (before + peak.getAsDouble()) / 2;
    return new Turn(
        round, Median.of(millis), millis.size(), around, (double) used.toNanos() / nanos);
  }

  private Duration processorTimeOfOthers(Contestant active) {
    Duration sum = Duration.ZERO;
    for (Contestant contestant : contestants) {
      if (!contestant.equals(active)) {
        sum = sum.plus(contestant.processorTime());
      }
    }
    return sum;
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted between two turns", interrupted);
    }
  }
}
