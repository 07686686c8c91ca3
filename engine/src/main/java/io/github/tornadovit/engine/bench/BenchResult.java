package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.engine.evaluation.Agreement;
import io.github.tornadovit.engine.evaluation.ImageAgreement.Unreadable;
import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.engine.evaluation.PrecisionChoice;
import io.github.tornadovit.engine.evaluation.PrecisionChoice.Candidate;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a benchmark. Immutable plain data.
 *
 * @param measurements by target in the order in which they were opened, then by batch
 * @param skipped what was not measured, and why
 * @param logitDifference largest absolute difference between any two of the measured, of one logit
 *     of one image, in one precision
 * @param agreements of each target with float32, on the images of the options; empty without images
 * @param unreadable those of the images that could not be read
 */
public record BenchResult(
    List<Measurement> measurements,
    List<Skipped> skipped,
    double logitDifference,
    Map<Target, Agreement> agreements,
    List<Unreadable> unreadable) {

  /** Copies the lists. */
  public BenchResult {
    measurements = List.copyOf(measurements);
    skipped = List.copyOf(skipped);
    agreements = Map.copyOf(agreements);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * A backend on a device.
   *
   * @param device what it is; names the instructions that multiply
   * @param precision of the products
   * @param arguments that choose it on the command line
   * @param memory of weights and activations, for the largest batch that it holds
   */
  public record Target(
      DeviceInfo device, Precision precision, String arguments, MemoryEstimate memory) {}

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
   * A measurement that was skipped.
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

  /**
   * Which target to take: the fastest, at its best batch, of those that agree with float32.
   *
   * @param limitMillis that 95 % of the passes must not exceed
   * @param maxDisagreement of the images, the part that may get another class than in float32
   * @throws IllegalStateException if no images were compared
   */
  public PrecisionChoice choice(double limitMillis, double maxDisagreement) {
    if (agreements.isEmpty()) {
      throw new IllegalStateException("no images were compared, expected some in the options");
    }
    return PrecisionChoice.of(
        targets().stream()
            .flatMap(target -> best(target, limitMillis).stream())
            .map(
                best ->
                    new Candidate(
                        best.target().arguments() + " --batch " + best.batch(),
                        best.target().precision(),
                        best.imagesPerSecond(),
                        agreements.getOrDefault(best.target(), Agreement.NONE)))
            .toList(),
        maxDisagreement);
  }

  /** The measurement whose 95th percentile is lowest. */
  public Measurement quickest() {
    return measurements.stream()
        .min(Comparator.comparingDouble(measured -> measured.latency().p95Millis()))
        .orElseThrow();
  }
}
