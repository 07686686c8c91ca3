package io.github.tornadovit.benchmarks.report;

import java.util.Locale;

/**
 * A cell of a table.
 *
 * @param number whether it is a number, which stands to the right
 */
record Cell(String text, boolean number) {

  static Cell of(String text) {
    return new Cell(text, false);
  }

  static Cell of(long value) {
    return new Cell(Long.toString(value), true);
  }

  /** A number as {@link String#format} writes it. */
  static Cell of(String format, double value) {
    return new Cell(text(format, value), true);
  }

  static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** A rate or a time: three significant digits, or all before the point. */
  static String three(double value) {
    double size = Math.abs(value);
    return text(size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }

  /** {@link #three} as a cell. */
  static Cell rounded(double value) {
    return new Cell(three(value), true);
  }
}
