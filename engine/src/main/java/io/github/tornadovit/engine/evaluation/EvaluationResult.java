package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of an evaluation. Immutable plain data.
 *
 * @param device what executed
 * @param deviceReason why
 * @param batch images per forward pass
 * @param trainer the metrics of Hugging Face's Trainer, over the images that could be read
 * @param forward the forward passes alone
 * @param confusion which classes were taken for which
 * @param misclassified in the order of the images
 * @param unreadable in the order of the images
 */
public record EvaluationResult(
    DeviceInfo device,
    String deviceReason,
    int batch,
    TrainerMetrics trainer,
    ForwardSpeed forward,
    ConfusionMatrix confusion,
    List<Misclassified> misclassified,
    List<Unreadable> unreadable) {

  /** Copies the lists. */
  public EvaluationResult {
    misclassified = List.copyOf(misclassified);
    unreadable = List.copyOf(unreadable);
  }

  /** Metrics of every class that images show or were taken for, by class id. */
  public List<ClassMetrics> classes() {
    return confusion.present().stream().map(confusion::metrics).toList();
  }

  /**
   * An image that was taken for another class.
   *
   * @param image its file
   * @param label the class that it shows
   * @param predicted the class that it was taken for, and the softmax of its logit
   */
  public record Misclassified(Path image, String label, Prediction predicted) {}

  /**
   * An image that counts nowhere else.
   *
   * @param image its file
   * @param label the class that it is said to show
   * @param reason why it could not be read; names the file
   */
  public record Unreadable(Path image, String label, String reason) {}
}
