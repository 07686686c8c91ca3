package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.engine.bench.Rounds;
import io.github.tornadovit.engine.bench.SameAnswers;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Lets engines take turns at one batch size: their logits are compared with the first's, all warm
 * up, then {@link Rounds} in each of which everyone has a turn.
 *
 * @param entries ours first
 */
public record Comparison(List<Entry> entries, Protocol protocol) {

  /**
   * An engine that takes part.
   *
   * @param logits that it computes of the batch that is measured
   * @param peak measures what the machine can do at most in its precision, in GFLOP/s; asked before
   *     and after every turn
   * @param mustAgree whether it ends the comparison by computing something else than ours; else its
   *     series says how far they agree
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  public record Entry(
      EngineProcess engine, float[] logits, DoubleSupplier peak, boolean mustAgree) {}

  /** Passes before anything counts, however slow: PyTorch's JIT compiles after watching a few. */
  public static final int WARM_UP_PASSES = 3;

  /**
   * The length of a measurement.
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
    entries = List.copyOf(entries);
  }

  /** All turns at one batch size, a series per engine in their order. */
  public List<Series> run(int batch) throws InterruptedException {
    List<Agreement> agreements = entries.stream().map(entry -> agreement(entry, batch)).toList();
    List<EngineProcess> engines = entries.stream().map(Entry::engine).toList();
    for (EngineProcess engine : engines) {
      warmUp(engine, batch);
    }
    List<Watched> watched =
        entries.stream()
            .map(entry -> new Watched(entry.engine(), engines, entry.peak(), protocol.pause()))
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

  private Agreement agreement(Entry entry, int batch) {
    Entry ours = entries.getFirst();
    return entry.mustAgree()
        ? SameAnswers.require(
            ours.engine().name(), ours.logits(), entry.engine().name(), entry.logits(), batch)
        : Agreement.of(ours.logits(), entry.logits(), batch);
  }
}
