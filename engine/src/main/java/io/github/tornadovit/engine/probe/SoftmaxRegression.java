package io.github.tornadovit.engine.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multinomial logistic regression with an L2 penalty, as a function of its parameters:
 *
 * <p>{@code 1/N sum_i crossEntropy(W x_i + b, y_i) + 1/(2 C N) |W|²}: what scikit-learn's {@code
 * LogisticRegression} minimises, divided by {@code C N}. Of two classes scikit-learn has one vector
 * {@code w}, the difference of ours, which shares {@code |w|²} between two halves; the penalty of
 * two classes is therefore doubled, and the same C gives the same probabilities.
 *
 * <p>Parameters: {@code W} transposed {@code [D, K]}, then {@code b [K]}. Sums are in double, over
 * parts of the rows that do not depend on the number of threads: the result is the same on any
 * machine.
 */
final class SoftmaxRegression implements Lbfgs.Objective {
  /** Parts of the rows, which bound the parallelism, and the memory: each has a gradient. */
  private static final int PARTS = 16;

  /** Rows that are worked on together. */
  private static final int BLOCK = 4;

  private final float[] rows;
  private final int[] labels;
  private final int width;
  private final int classes;
  private final double penalty;

  /**
   * A regression.
   *
   * @param rows {@code [N, D]}, row-major; not copied
   * @param labels class id of each row
   * @param classes how many there are, at least 2
   * @param c inverse strength of the penalty, above 0
   */
  SoftmaxRegression(float[] rows, int[] labels, int classes, double c) {
    this.rows = rows;
    this.labels = labels;
    this.classes = classes;
    width = rows.length / labels.length;
    penalty = (classes == 2 ? 2 : 1) / (c * labels.length);
  }

  /** How many parameters there are. */
  int size() {
    return Math.multiplyExact(width + 1, classes);
  }

  /** The contribution of some rows. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Part(double loss, double[] gradient) {}

  @Override
  public double evaluate(double[] parameters, double[] gradient) {
    int count = labels.length;
    List<Part> parts =
        IntStream.range(0, Math.min(PARTS, count))
            .parallel()
            .mapToObj(
                part ->
                    part(
                        parameters,
                        (int) ((long) count * part / Math.min(PARTS, count)),
                        (int) ((long) count * (part + 1) / Math.min(PARTS, count))))
            .toList();
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (Part part : parts) {
      loss += part.loss();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += part.gradient()[i];
      }
    }
    double squares = 0;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= count;
      if (i < width * classes) {
        squares += parameters[i] * parameters[i];
        gradient[i] += penalty * parameters[i];
      }
    }
    return loss / count + penalty / 2 * squares;
  }

  /** Rows by fours: each weight that is loaded serves four of them. */
  private Part part(double[] parameters, int from, int to) {
    double[] gradient = new double[parameters.length];
    double[][] logits = new double[BLOCK][classes];
    double loss = 0;
    for (int first = from; first < to; first += BLOCK) {
      int count = Math.min(BLOCK, to - first);
      multiply(parameters, first, count, logits);
      for (int r = 0; r < count; r++) {
        loss += residual(logits[r], labels[first + r]);
      }
      for (int r = count; r < BLOCK; r++) {
        Arrays.fill(logits[r], 0);
      }
      multiplyTransposed(logits, first, count, gradient);
    }
    return new Part(loss, gradient);
  }

  /** {@code logits[r] = W x_r + b}. */
  private void multiply(double[] parameters, int first, int count, double[][] logits) {
    double[] l0 = logits[0];
    double[] l1 = logits[1];
    double[] l2 = logits[2];
    double[] l3 = logits[3];
    for (double[] row : logits) {
      System.arraycopy(parameters, width * classes, row, 0, classes);
    }
    for (int i = 0; i < width; i++) {
      double x0 = element(first, 0, count, i);
      double x1 = element(first, 1, count, i);
      double x2 = element(first, 2, count, i);
      double x3 = element(first, 3, count, i);
      int start = i * classes;
      for (int k = 0; k < classes; k++) {
        double weight = parameters[start + k];
        l0[k] += x0 * weight;
        l1[k] += x1 * weight;
        l2[k] += x2 * weight;
        l3[k] += x3 * weight;
      }
    }
  }

  /** Adds {@code sum_r x_r residual_r} to the gradient of W, and the residuals to that of b. */
  private void multiplyTransposed(double[][] residuals, int first, int count, double[] gradient) {
    double[] p0 = residuals[0];
    double[] p1 = residuals[1];
    double[] p2 = residuals[2];
    double[] p3 = residuals[3];
    for (int i = 0; i < width; i++) {
      double x0 = element(first, 0, count, i);
      double x1 = element(first, 1, count, i);
      double x2 = element(first, 2, count, i);
      double x3 = element(first, 3, count, i);
      int start = i * classes;
      for (int k = 0; k < classes; k++) {
        gradient[start + k] += x0 * p0[k] + x1 * p1[k] + x2 * p2[k] + x3 * p3[k];
      }
    }
    int bias = width * classes;
    for (int k = 0; k < classes; k++) {
      gradient[bias + k] += p0[k] + p1[k] + p2[k] + p3[k];
    }
  }

  /** An element of a row of a block; 0 beyond its last row. */
  private double element(int first, int row, int count, int i) {
    return row < count ? rows[(first + row) * width + i] : 0;
  }

  /** The cross entropy; makes the logits probabilities, less 1 for the label. */
  private static double residual(double[] logits, int label) {
    double max = logits[0];
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double right = logits[label] - max;
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Math.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
    logits[label] -= 1;
    return Math.log(sum) - right;
  }
}
