package io.github.tornadovit.engine.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * A progress line on a terminal: done, total, rate, time left. Silent elsewhere, and for work that
 * is over within a second.
 */
final class Progress {
  private static final int BAR_WIDTH = 30;
  private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();

  private final PrintWriter terminal;
  private final boolean enabled;
  private final String label;
  private final String unit;
  private final double unitSize;
  private final long first;
  private final long total;
  private final long start = System.nanoTime();
  private long drawn = start;
  private long done;
  private boolean visible;

  /**
   * A line that starts empty.
   *
   * @param terminal standard error
   * @param enabled false where standard error is no terminal
   * @param total items to do
   */
  Progress(PrintWriter terminal, boolean enabled, int total) {
    this(terminal, enabled, "", "", 1, 0, total);
  }

  private Progress(
      PrintWriter terminal,
      boolean enabled,
      String label,
      String unit,
      double unitSize,
      long first,
      long total) {
    this.terminal = terminal;
    this.enabled = enabled;
    this.label = label;
    this.unit = unit;
    this.unitSize = unitSize;
    this.first = first;
    this.done = first;
    this.total = total;
  }

  /**
   * A line for a file that comes in.
   *
   * @param done bytes that are there from before
   * @param total bytes of the file; silent for 0, which is unknown
   */
  static Progress ofBytes(PrintWriter terminal, String file, long done, long total) {
    return new Progress(terminal, onTerminal() && total > 0, file + " ", " MB", 1e6, done, total);
  }

  /** True if the launcher found standard error to be a terminal. */
  static boolean onTerminal() {
    return Boolean.getBoolean("tornadovit.terminal");
  }

  void advance(long items) {
    done += items;
    long now = System.nanoTime();
    if (!enabled || now - start < QUIET_NANOS || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double seconds = (now - start) / 1e9;
    double rate = (done - first) / seconds;
    int filled = (int) (BAR_WIDTH * done / total);
    terminal.printf(
        Locale.ROOT,
        "\r%s[%s%s] %.0f/%.0f%s  %.1f%s/s  %s left ",
        label,
        "#".repeat(filled),
        ".".repeat(BAR_WIDTH - filled),
        done / unitSize,
        total / unitSize,
        unit,
        rate / unitSize,
        unit,
        minutes((total - done) / rate));
    terminal.flush();
    visible = true;
  }

  /** Erases the line, so that something else can be printed. */
  void clear() {
    if (visible) {
      terminal.print("\r\u001b[K");
      terminal.flush();
      visible = false;
    }
  }

  private static String minutes(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
