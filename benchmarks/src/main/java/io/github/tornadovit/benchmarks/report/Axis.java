package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Round numbers for a scale. */
final class Axis {
  private Axis() {}

  /** From 0 to the first round number that is not below the largest value; four steps or more. */
  static List<Double> linear(double largest) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(largest, 1e-9))));
    while (largest / step < 3) {
      step /= largest / step < 1.5 ? 5 : 2;
    }
    while (largest / step > 6) {
      step *= 2;
    }
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i <= Math.ceil(largest / step - 1e-9); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Powers of ten, the first not above the smallest value and the last not below the largest. */
  static List<Double> decades(double smallest, double largest) {
    int first = (int) Math.floor(Math.log10(smallest));
    int last = Math.max(first + 1, (int) Math.ceil(Math.log10(largest)));
    List<Double> ticks = new ArrayList<>();
    for (int power = first; power <= last; power++) {
      ticks.add(Math.pow(10, power));
    }
    return ticks;
  }

  /** A tick as a person writes it. */
  static String label(double value) {
    return value == Math.rint(value)
        ? Cell.text("%.0f", value)
        : Cell.text("%." + decimals(value) + "f", value);
  }

  private static int decimals(double value) {
    int decimals = 1;
    while (decimals < 6
        && Math.abs(value * Math.pow(10, decimals) - Math.rint(value * Math.pow(10, decimals)))
            > 1e-6) {
      decimals++;
    }
    return decimals;
  }
}
