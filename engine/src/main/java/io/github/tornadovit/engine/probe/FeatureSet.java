package io.github.tornadovit.engine.probe;

import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import java.util.List;

/**
 * The features of labelled images. Immutable by convention: the rows are not copied.
 *
 * @param source where they come from
 * @param labels class names, index = class id
 * @param images those that could be read, in order
 * @param rows a feature {@code [D]} per image
 * @param unreadable those that could not, in order
 * @param cached how many features were on disk
 */
public record FeatureSet(
    FeatureSource source,
    List<String> labels,
    List<LabelledImage> images,
    List<float[]> rows,
    List<Unreadable> unreadable,
    int cached) {

  /** Copies the lists. */
  public FeatureSet {
    labels = List.copyOf(labels);
    images = List.copyOf(images);
    rows = List.copyOf(rows);
    unreadable = List.copyOf(unreadable);
  }

  /** How many features went through the model. */
  public int computed() {
    return images.size() - cached;
  }

  /** Elements of a feature; 0 without images. */
  public int width() {
    return rows.isEmpty() ? 0 : rows.getFirst().length;
  }
}
