package io.github.tornadovit.benchmarks.peers;

import java.time.Duration;
import java.util.List;

/** An engine of a given speed that writes down what it is asked to do. */
final class FakeContestant implements EngineProcess {
  private final String name;
  private final double millis;
  private final List<String> diary;
  private final float[] logits;
  private Duration used = Duration.ZERO;

  FakeContestant(String name, double millis, List<String> diary, float... logits) {
    this.name = name;
    this.millis = millis;
    this.diary = diary;
    this.logits = logits;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public float[] logits(int batch) {
    diary.add(name + " logits " + batch);
    return logits.clone();
  }

  @Override
  public long[] measure(int batch, long nanos) {
    diary.add("%s measure %d %d".formatted(name, batch, nanos / 1_000_000));
    long pass = Math.round(millis * 1e6);
    return nanos == 0 ? new long[] {pass} : new long[] {pass, pass, 1000 * pass};
  }

  /** As if it never slept: a second more whenever it is looked at. */
  @Override
  public Duration processorTime() {
    used = used.plusSeconds(1);
    return used;
  }
}
