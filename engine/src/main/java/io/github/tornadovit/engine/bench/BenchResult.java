package io.github.tornadovit.engine.bench;

import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a benchmark measured. Immutable plain data.
 *
 * @param measurements by target in the order in which they were opened, then by batch
 * @param skipped what was not measured, and why
 * @param logitDifference largest absolute difference between any two of the measured, of one logit
 *     of one image
 */
public record BenchResult(
    List<Measurement> measurements, List<Skipped> skipped, double logitDifference) {

  /** Copies the lists. */
  public BenchResult {
    measurements = List.copyOf(measurements);
    skipped = List.copyOf(skipped);
  }

  /**
   * A backend on a device.
   *
   * @param device what it is
   * @param arguments that choose it on the command line
   */
  public record Target(DeviceInfo device, String arguments) {}

  /**
   * Forward passes of one target and batch: preprocessed pixels in, logits out.
   *
   * @param target what ran them
   * @param batch images per pass
   * @param imagesPerSecond over all timed passes
   * @param latency of a pass
   */
  public record Measurement(Target target, int batch, double imagesPerSecond, Latency latency) {}

  /**
   * What was not measured.
   *
   * @param what a backend, or a device and batch
   * @param reason in one clause
   */
  public record Skipped(String what, String reason) {}

  /** The targets, in the order in which they were opened. */
  public List<Target> targets() {
    return measurements.stream().map(Measurement::target).distinct().toList();
  }

  /**
   * The measurement of a target with the most images per second.
   *
   * @param limitMillis that 95 % of the passes must not exceed; infinite for no limit
   * @return empty if no batch stays within the limit
   */
  public Optional<Measurement> best(Target target, double limitMillis) {
    return measurements.stream()
        .filter(measured -> measured.target().equals(target))
        .filter(measured -> measured.latency().p95Millis() <= limitMillis)
        .max(Comparator.comparingDouble(Measurement::imagesPerSecond));
  }

  /** As {@link #best(Target, double)}, over all targets. */
  public Optional<Measurement> best(double limitMillis) {
    return targets().stream()
        .flatMap(target -> best(target, limitMillis).stream())
        .max(Comparator.comparingDouble(Measurement::imagesPerSecond));
  }

  /** The measurement whose 95th percentile is lowest. */
  public Measurement quickest() {
    return measurements.stream()
        .min(Comparator.comparingDouble(measured -> measured.latency().p95Millis()))
        .orElseThrow();
  }
}
