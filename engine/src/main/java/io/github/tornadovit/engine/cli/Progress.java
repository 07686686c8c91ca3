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
  private final int total;
  private final long start = System.nanoTime();
  private long drawn = start;
  private int done;
  private boolean visible;

  /**
   * A line that starts empty.
   *
   * @param terminal standard error
   * @param enabled false where standard error is no terminal
   * @param total items to do
   */
  Progress(PrintWriter terminal, boolean enabled, int total) {
    this.terminal = terminal;
    this.enabled = enabled;
    this.total = total;
  }

  /** True if the launcher found standard error to be a terminal. */
  static boolean onTerminal() {
    return Boolean.getBoolean("tornadovit.terminal");
  }

  void advance(int items) {
    done += items;
    long now = System.nanoTime();
    if (!enabled || now - start < QUIET_NANOS || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double seconds = (now - start) / 1e9;
    double rate = done / seconds;
    int filled = (int) ((long) BAR_WIDTH * done / total);
    terminal.printf(
        Locale.ROOT,
        "\r[%s%s] %d/%d  %.1f/s  %s left ",
        "#".repeat(filled),
        ".".repeat(BAR_WIDTH - filled),
        done,
        total,
        rate,
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
