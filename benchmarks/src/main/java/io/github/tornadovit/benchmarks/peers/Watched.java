package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.engine.bench.Contestant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * A contestant whose turns are recorded, with the machine's peak around each and what the waiting
 * engines used of it.
 */
final class Watched implements Contestant {
  private final EngineProcess engine;
  private final List<? extends EngineProcess> all;
  private final DoubleSupplier peak;
  private final Duration pause;
  private final List<Turn> turns = new ArrayList<>();

  Watched(
      EngineProcess engine,
      List<? extends EngineProcess> all,
      DoubleSupplier peak,
      Duration pause) {
    this.engine = engine;
    this.all = all;
    this.peak = peak;
    this.pause = pause;
  }

  List<Turn> turns() {
    return turns;
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public float[] logits(int batch) {
    return engine.logits(batch);
  }

  @Override
  public long[] measure(int batch, long nanos) throws InterruptedException {
    Thread.sleep(pause);
    double before = peak.getAsDouble();
    Thread.sleep(pause);
    Duration others = processorTimeOfOthers();
    long begin = System.nanoTime();
    long[] passes = engine.measure(batch, nanos);
    long wall = Math.max(1, System.nanoTime() - begin);
    Duration used = processorTimeOfOthers().minus(others);
    Thread.sleep(pause);
    double around = (before + peak.getAsDouble()) / 2;
    turns.add(Turn.of(turns.size(), passes, around, (double) used.toNanos() / wall));
    return passes;
  }

  private Duration processorTimeOfOthers() {
    return all.stream()
        .filter(other -> !other.equals(engine))
        .map(EngineProcess::processorTime)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
