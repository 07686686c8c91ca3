package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.List;

/**
 * The classifier behind the encoder.
 *
 * @param head its form
 * @param labels class names, index = class id; empty for a model without a classifier
 * @param problemType how logits become scores
 */
public record Classifier(Head head, List<String> labels, ProblemType problemType) {
  public Classifier {
    labels = List.copyOf(labels);
  }
}
