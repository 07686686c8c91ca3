package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.engine.bench.Rounds;
import io.github.tornadovit.engine.bench.SameAnswers;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Lets engines take turns. For every batch size: the logits of all are compared with the first's,
 * all warm up, then {@link Rounds} in each of which everyone has a turn.
 *
 * @param engines ours first
 * @param peak measures what the machine can do at most in the precision of an engine, in GFLOP/s;
 *     asked before and after every turn
 * @param mustAgree who ends the comparison by computing something else than ours; of the others the
 *     series says how far they agree
 */
public record Comparison(
    List<? extends EngineProcess> engines,
    ToDoubleFunction<EngineProcess> peak,
    Protocol protocol,
    Predicate<EngineProcess> mustAgree) {

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

  /** The turns of one engine at one batch size, in the order of rounds. */
  public record Series(Agreement agreement, List<Turn> turns) {
    /** Copies the turns. */
    public Series {
      turns = List.copyOf(turns);
    }
  }

  /** Copies the list. */
  public Comparison {
    engines = List.copyOf(engines);
  }

  /** All turns at one batch size, a series per engine in their order. */
  public List<Series> run(int batch) throws InterruptedException {
    List<Agreement> agreements = check(batch);
    for (EngineProcess engine : engines) {
      warmUp(engine, batch);
    }
    List<Watched> watched =
        engines.stream()
            .map(
                engine ->
                    new Watched(
                        engine, engines, () -> peak.applyAsDouble(engine), protocol.pause()))
            .toList();
    new Rounds(protocol.rounds(), protocol.turn().toNanos(), true)
        .run(watched.stream().map(one -> new Rounds.Entry(one, batch)).toList());
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < watched.size(); i++) {
      series.add(new Series(agreements.get(i), watched.get(i).turns()));
    }
    return series;
  }

  private void warmUp(EngineProcess engine, int batch) throws InterruptedException {
    int passes = engine.measure(batch, protocol.warmUp().toNanos()).length;
    while (passes < WARM_UP_PASSES) {
      passes += engine.measure(batch, 0).length;
    }
  }

  private List<Agreement> check(int batch) {
    EngineProcess ours = engines.getFirst();
    float[] expected = ours.logits(batch);
    List<Agreement> agreements = new ArrayList<>();
    for (EngineProcess engine : engines) {
      float[] actual = engine.logits(batch);
      agreements.add(
          mustAgree.test(engine)
              ? SameAnswers.require(ours.name(), expected, engine.name(), actual, batch)
              : Agreement.of(expected, actual, batch));
    }
    return agreements;
  }
}
