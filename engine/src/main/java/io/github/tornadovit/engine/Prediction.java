package io.github.tornadovit.engine;

/**
 * One class and its score.
 *
 * @param id class index, as in the checkpoint's {@code id2label}
 * @param label class name
 * @param score between 0 and 1: softmax over the classes, or the sigmoid of the class's own logit
 *     where the model was trained for several labels at once or has one logit only
 */
public record Prediction(int id, String label, float score) {}
