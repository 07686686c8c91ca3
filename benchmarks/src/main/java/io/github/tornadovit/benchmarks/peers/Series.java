package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.model.Agreement;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * The turns of one engine at one batch size, in the order of rounds.
 *
 * @param agreement with ours
 * @param maxResidentBytes after the last turn
 */
public record Series(
    String engine,
    String version,
    int batch,
    Agreement agreement,
    List<Turn> turns,
    OptionalLong maxResidentBytes) {

  /** Copies the turns. */
  public Series {
    turns = List.copyOf(turns);
  }

  /** The median over the turns. */
  public double median(ToDoubleFunction<Turn> value) {
    return Median.of(turns.stream().mapToDouble(value).boxed().toList());
  }

  /** Of a forward pass of the batch. */
  public double millis() {
    return median(Turn::millis);
  }

  /** At that time. */
  public double imagesPerSecond() {
    return 1000 * batch / millis();
  }

  /** How many times as fast as another engine, round by round, then the median. */
  public double ratioTo(Series other) {
    return median(turn -> other.turns.get(turn.round()).millis() / turn.millis());
  }

  /** The part of the peak that the arithmetic reached, round by round, then the median. */
  public double fractionOfPeak(long flopsPerImage) {
    double gigaflops = flopsPerImage * 1e-9 * batch;
    return median(turn -> gigaflops * 1000 / turn.millis() / turn.peakGigaflops());
  }
}
