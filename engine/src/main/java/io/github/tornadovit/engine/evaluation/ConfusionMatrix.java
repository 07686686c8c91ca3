package io.github.tornadovit.engine.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A confusion matrix: images by true and by predicted class. Immutable.
 *
 * <p>{@code count(truth, predicted)}; K rows and columns, by class id.
 */
public final class ConfusionMatrix {
  private final List<String> labels;
  private final int[][] counts;

  private ConfusionMatrix(List<String> labels, int[][] counts) {
    this.labels = labels;
    this.counts = counts;
  }

  /**
   * Counts.
   *
   * @param labels class names, index = class id
   * @param truth class id of each image
   * @param predicted class id of each image, in the same order
   */
  static ConfusionMatrix of(List<String> labels, List<Integer> truth, List<Integer> predicted) {
    int[][] counts = new int[labels.size()][labels.size()];
    for (int i = 0; i < truth.size(); i++) {
      counts[truth.get(i)][predicted.get(i)]++;
    }
    return new ConfusionMatrix(List.copyOf(labels), counts);
  }

  /** Class names, index = class id. */
  public List<String> labels() {
    return labels;
  }

  /** Images of class {@code truth} that were taken for class {@code predicted}. */
  public int count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Ids of the classes that images show or were taken for, ascending. */
  public List<Integer> present() {
    return IntStream.range(0, labels.size())
        .filter(id -> support(id) + predictions(id) > 0)
        .boxed()
        .toList();
  }

  /** Images of a class. */
  public int support(int id) {
    return IntStream.of(counts[id]).sum();
  }

  /** Images that were taken for a class. */
  private int predictions(int id) {
    return IntStream.range(0, counts.length).map(truth -> counts[truth][id]).sum();
  }

  /** Precision, recall and F1 of one class. */
  public ClassMetrics metrics(int id) {
    int right = counts[id][id];
    int predictions = predictions(id);
    int support = support(id);
    return new ClassMetrics(
        id,
        labels.get(id),
        ratio(right, predictions),
        ratio(right, support),
        ratio(2 * right, predictions + support),
        support);
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
