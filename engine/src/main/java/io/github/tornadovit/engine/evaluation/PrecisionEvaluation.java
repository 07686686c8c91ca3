package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.PrecisionChoice.Candidate;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import java.nio.file.Path;
import java.util.List;

/**
 * The evaluation of a checkpoint on the same labelled images in each precision. Immutable plain
 * data.
 *
 * @param batch images per forward pass
 * @param images that could be read
 * @param precisions float32 first
 * @param changed images that a precision takes for another class than float32, in their order
 * @param unreadable in the order of the images
 */
public record PrecisionEvaluation(
    int batch,
    int images,
    List<Entry> precisions,
    List<Changed> changed,
    List<Unreadable> unreadable) {

  /** Copies the lists. */
  public PrecisionEvaluation {
    precisions = List.copyOf(precisions);
    changed = List.copyOf(changed);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * One precision.
   *
   * @param device what executed; names the instructions that multiply
   * @param deviceReason why
   * @param accuracy images whose largest logit is their label's, over images
   * @param loss mean cross entropy over images, in nats
   * @param agreement with float32
   * @param forward the forward passes alone
   * @param memory of weights and activations
   */
  public record Entry(
      Precision precision,
      DeviceInfo device,
      String deviceReason,
      double accuracy,
      double loss,
      Agreement agreement,
      ForwardSpeed forward,
      MemoryEstimate memory) {}

  /**
   * An image whose class a precision changes.
   *
   * @param image its file
   * @param label the class that it shows
   * @param expected what float32 takes it for
   * @param precision that takes it for another
   * @param predicted that other class
   */
  public record Changed(
      Path image, String label, String expected, Precision precision, String predicted) {}

  /**
   * Which precision to take.
   *
   * @param maxDisagreement of the images, the part that may get another class than in float32
   */
  public PrecisionChoice choice(double maxDisagreement) {
    return PrecisionChoice.of(
        precisions.stream()
            .map(
                entry ->
                    new Candidate(
                        entry.precision().label(),
                        entry.precision(),
                        entry.forward().imagesPerSecond(),
                        entry.agreement()))
            .toList(),
        maxDisagreement);
  }
}
