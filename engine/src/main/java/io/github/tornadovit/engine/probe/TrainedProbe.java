package io.github.tornadovit.engine.probe;

import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A probe and how it came about. Immutable plain data.
 *
 * @param probe trained on all images with the chosen C
 * @param options that it was trained with
 * @param trials one per C that was tried, ascending: trained on some of the images, measured on the
 *     others
 * @param chosen the trial of the highest accuracy; of equals, of the lowest loss
 * @param images that the probe was trained on
 * @param validationImages of them that the trials were measured on
 * @param accuracy of the probe on the images that it was trained on
 * @param loss mean cross entropy there, in nats
 * @param objective what training minimised: the loss and {@code |W|² / (2 C N)}, doubled for two
 *     classes
 * @param converged whether the optimiser reached the minimum within the limit of its steps
 * @param cached features that were on disk
 * @param unreadable images that were left out
 */
public record TrainedProbe(
    LinearProbe probe,
    ProbeOptions options,
    List<Trial> trials,
    Trial chosen,
    int images,
    int validationImages,
    double accuracy,
    double loss,
    double objective,
    boolean converged,
    int cached,
    List<Unreadable> unreadable) {

  /** Copies the lists. */
  public TrainedProbe {
    trials = List.copyOf(trials);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * The outcome of one value of C.
   *
   * @param c inverse strength of the penalty
   * @param accuracy on the validation images
   * @param loss mean cross entropy on the validation images, in nats
   * @param iterations steps of the optimiser, which starts from the result of the C before
   * @param converged whether it reached the minimum within the limit of its steps
   */
  public record Trial(double c, double accuracy, double loss, int iterations, boolean converged) {}

  /**
   * Writes the probe into a folder, which is made if missing; a probe that is there is replaced.
   * The format is described at the package.
   */
  public void save(Path folder) throws IOException {
    ProbeFolder.write(this, folder);
  }
}
