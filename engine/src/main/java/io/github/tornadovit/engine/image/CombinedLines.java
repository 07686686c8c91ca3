package io.github.tornadovit.engine.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pass of a resize that goes across lines (rows or columns of RGB) that come one after the
 * other, up or down: each line of the result is a weighted sum of some of them, made as soon as the
 * last of these is there.
 */
final class CombinedLines {
  private final @Nullable ResampleWeights weights;
  private final boolean descending;

  /** {@code [taps]}: the lines that came last, each at its number modulo taps. */
  private final byte[][] kept;

  private final int[] sums;
  private final byte[] combined;
  private int next;

  /** Takes a line of the result. */
  interface Target {
    void put(int number, byte[] line, int offset);
  }

  /**
   * A pass that has seen no line.
   *
   * @param weights null to hand on every line as it is
   * @param length of a line in bytes
   * @param descending whether the last line comes first
   */
  CombinedLines(@Nullable ResampleWeights weights, int length, boolean descending) {
    this.weights = weights;
    this.descending = descending;
    kept = new byte[weights == null ? 0 : weights.taps][];
    sums = new int[weights == null ? 0 : length];
    combined = new byte[sums.length];
    next = weights != null && descending ? weights.first.length - 1 : 0;
  }

  /** Takes the line of a number, and hands over what is complete with it. */
  void take(int number, byte[] line, int offset, Target target) {
    if (weights == null) {
      target.put(number, line, offset);
      return;
    }
    keep(number, line, offset);
    if (descending) {
      for (; next >= 0 && weights.first[next] >= number; next--) {
        combine(weights, next);
        target.put(next, combined, 0);
      }
    } else {
      for (; next < weights.first.length && weights.end(next) <= number + 1; next++) {
        combine(weights, next);
        target.put(next, combined, 0);
      }
    }
  }

  private void keep(int number, byte[] line, int offset) {
    int place = number % kept.length;
    if (kept[place] == null) {
      kept[place] = new byte[sums.length];
    }
    System.arraycopy(line, offset, kept[place], 0, sums.length);
  }

  private void combine(ResampleWeights weights, int number) {
    Arrays.fill(sums, ResampleWeights.ROUND);
    for (int k = 0; k < weights.count[number]; k++) {
      addScaled(
          sums,
          kept[(weights.first[number] + k) % kept.length],
          weights.weights[number * weights.taps + k]);
    }
    for (int i = 0; i < sums.length; i++) {
      combined[i] = ResampleWeights.clip(sums[i]);
    }
  }

  /** {@code sums[i] += source[i] * weight}, a loop of its own so that C2 vectorises it. */
  private static void addScaled(int[] sums, byte[] source, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (source[i] & 0xFF) * weight;
    }
  }
}
