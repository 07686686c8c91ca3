package io.github.tornadovit.engine.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth function by L-BFGS (Liu and Nocedal, "On the limited memory BFGS method for
 * large scale optimization", Mathematical Programming 45, 1989; the two-loop recursion is algorithm
 * 7.4 of Nocedal and Wright, "Numerical Optimization", 2006).
 *
 * <p>The step satisfies the weak Wolfe conditions and is found by bracketing and bisection (Lewis
 * and Overton, "Nonsmooth optimization via quasi-Newton methods", Mathematical Programming 141,
 * 2013, algorithm 2.6), which keeps the curvature {@code s y} positive.
 *
 * <p>Own code, since the libraries of this field with a licence that we can take have conjugate
 * gradients or a dense BFGS matrix only.
 */
final class Lbfgs {
  /** Pairs that stand for the inverse Hessian. */
  private static final int MEMORY = 10;

  private static final double SUFFICIENT_DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** Halvings and doublings of a step; more change nothing in double precision. */
  private static final int MOST_TRIALS = 50;

  private final double tolerance;
  private final int maxIterations;

  /**
   * A minimiser.
   *
   * @param tolerance it stops where no element of the gradient is larger
   * @param maxIterations it stops after that many steps in any case
   */
  Lbfgs(double tolerance, int maxIterations) {
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
  }

  /** A function to minimise. */
  interface Objective {
    /**
     * The value at a point.
     *
     * @param gradient receives the gradient there
     */
    double evaluate(double[] point, double[] gradient);
  }

  /**
   * The end of a minimisation.
   *
   * @param point the best point seen
   * @param value there
   * @param iterations steps taken
   * @param converged whether the gradient is within the tolerance, or no step along the search
   *     direction lowers the value in double precision
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Minimum(double[] point, double value, int iterations, boolean converged) {}

  /** A step {@code s}, the change {@code y} of the gradient along it, and {@code 1 / (s y)}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Pair(double[] step, double[] change, double rho) {}

  /** Minimises from a starting point, which is not changed. */
  Minimum minimize(Objective objective, double[] start) {
    double[] point = start.clone();
    double[] gradient = new double[point.length];
    double value = objective.evaluate(point, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    for (int iteration = 0; iteration < maxIterations; iteration++) {
      if (largest(gradient) <= tolerance) {
        return new Minimum(point, value, iteration, true);
      }
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double[] next = new double[point.length];
      double[] nextGradient = new double[point.length];
      // Without curvature the first step is one of unit length at most.
      double first = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(-slope)) : 1;
      double nextValue =
          search(objective, point, value, direction, slope, first, next, nextGradient);
      if (!(nextValue < value)) {
        return new Minimum(point, value, iteration, true);
      }
      remember(pairs, point, next, gradient, nextGradient);
      point = next;
      value = nextValue;
      gradient = nextGradient;
    }
    return new Minimum(point, value, maxIterations, largest(gradient) <= tolerance);
  }

  /** A step that satisfies the weak Wolfe conditions; the value there, NaN if there is none. */
  private static double search(
      Objective objective,
      double[] point,
      double value,
      double[] direction,
      double slope,
      double first,
      double[] next,
      double[] nextGradient) {
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double step = first;
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
      for (int i = 0; i < next.length; i++) {
        next[i] = point[i] + step * direction[i];
      }
      double nextValue = objective.evaluate(next, nextGradient);
      // Written so that NaN counts as too far.
      if (!(nextValue <= value + SUFFICIENT_DECREASE * step * slope)) {
        high = step;
      } else if (dot(direction, nextGradient) < CURVATURE * slope) {
        low = step;
      } else {
        return nextValue;
      }
      step = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
    }
    return Double.NaN;
  }

  /** {@code -H gradient}, by the two-loop recursion. */
  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] direction = gradient.clone();
    double[] alpha = new double[pairs.size()];
    int newest = pairs.size() - 1;
    int index = newest;
    for (Iterator<Pair> backwards = pairs.descendingIterator(); backwards.hasNext(); index--) {
      Pair pair = backwards.next();
      alpha[index] = pair.rho() * dot(pair.step(), direction);
      add(direction, -alpha[index], pair.change());
    }
    double scale =
        pairs.isEmpty()
            ? 1
            : 1 / (pairs.getLast().rho() * dot(pairs.getLast().change(), pairs.getLast().change()));
    for (int i = 0; i < direction.length; i++) {
      direction[i] *= -scale;
    }
    index = 0;
    for (Pair pair : pairs) {
      double beta = pair.rho() * dot(pair.change(), direction);
      add(direction, -alpha[index++] - beta, pair.step());
    }
    return direction;
  }

  private static void remember(
      Deque<Pair> pairs, double[] from, double[] to, double[] before, double[] after) {
    double[] step = new double[from.length];
    double[] change = new double[from.length];
    for (int i = 0; i < step.length; i++) {
      step[i] = to[i] - from[i];
      change[i] = after[i] - before[i];
    }
    double curvature = dot(step, change);
    if (curvature > 0) {
      pairs.addLast(new Pair(step, change, 1 / curvature));
      if (pairs.size() > MEMORY) {
        pairs.removeFirst();
      }
    }
  }

  private static double largest(double[] vector) {
    double largest = 0;
    for (double element : vector) {
      largest = Math.max(largest, Math.abs(element));
    }
    return largest;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  private static void add(double[] target, double factor, double[] vector) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * vector[i];
    }
  }
}
