package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.config.VisionConfig.Head;
import java.util.List;

/**
 * A classifier that a family may have.
 *
 * @param head what it computes
 * @param layers names of its linear layers
 * @param task the end of the name of transformers' class that has it
 */
record HeadForm(Head head, List<String> layers, String task) {
  /** One linear layer, as most families have it. */
  static final HeadForm CLASSIFIER =
      new HeadForm(Head.CLASSIFIER, List.of("classifier"), "ForImageClassification");

  /** The tensor whose rows are the classes. */
  String weight() {
    return layers.getFirst() + ".weight";
  }
}
