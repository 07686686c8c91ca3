package io.github.tornadovit.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** An engine of a given speed that writes down what it is asked to do. */
final class FakeContestant implements Contestant {
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
  public String version() {
    return "1";
  }

  @Override
  public float[] logits(int batch) {
    diary.add(name + " logits " + batch);
    return logits.clone();
  }

  @Override
  public List<Double> measure(int batch, Duration duration) {
    diary.add("%s measure %d %d".formatted(name, batch, duration.toMillis()));
    return duration.isZero() ? List.of(millis) : List.of(millis, millis, 1000 * millis);
  }

  /** As if it never slept: a second more whenever it is looked at. */
  @Override
  public Duration processorTime() {
    used = used.plusSeconds(1);
    return used;
  }

  @Override
  public OptionalLong maxResidentBytes() {
    return OptionalLong.of(3 << 20);
  }
}
