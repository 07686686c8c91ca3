package io.github.tornadovit.cli;

import java.util.List;

/**
 * A model card's evaluation, which cannot be repeated: neither images nor hardware are known.
 *
 * @param model whose card
 * @param accuracy {@code eval_accuracy}
 * @param loss {@code eval_loss}
 * @param runtimeSeconds {@code eval_runtime}
 * @param samplesPerSecond {@code eval_samples_per_second}
 * @param stepsPerSecond {@code eval_steps_per_second}
 */
record PublishedRow(
    String model,
    double accuracy,
    double loss,
    double runtimeSeconds,
    double samplesPerSecond,
    double stepsPerSecond) {
  /** The only numbers of images and batch that fit the rates. */
  static final int IMAGES = 3596;

  static final int BATCH = 8;

  /** The note below the rows, which says what they are and are not. */
  static final String NOTE = "published Trainer rates, hardware unstated, data loading included";

  /** The cards of the two face mask classifiers, base size, 224 x 224. */
  static final List<PublishedRow> ALL =
      List.of(
          new PublishedRow("ViT face mask card", 0.9894, 0.0395, 36.81, 97.685, 12.224),
          new PublishedRow("BEiT face mask card", 0.975, 0.0803, 193.02, 18.629, 2.331));
}
