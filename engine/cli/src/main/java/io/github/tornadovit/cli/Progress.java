package io.github.tornadovit.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * A progress line on a terminal: done, total, and, once they can be told, rate and time left.
 * Silent elsewhere, and for work that is over within a second.
 */
final class Progress {
  private static final int BAR_WIDTH = 30;
  private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long HOUR = Duration.ofHours(1).toSeconds();

  private final PrintWriter terminal;
  private final boolean enabled;
  private final String label;
  private final String unit;
  private final double unitSize;
  private final long total;
  private final LongSupplier clock;
  private final long start;
  private final Speed speed = new Speed();
  private long drawn;
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
    this(terminal, enabled, "", "", 1, total, System::nanoTime);
  }

  Progress(
      PrintWriter terminal,
      boolean enabled,
      String label,
      String unit,
      double unitSize,
      long total,
      LongSupplier clock) {
    this.terminal = terminal;
    this.enabled = enabled;
    this.label = label;
    this.unit = unit;
    this.unitSize = unitSize;
    this.total = total;
    this.clock = clock;
    start = clock.getAsLong();
    drawn = start;
  }

  /**
   * A line for bytes that come in.
   *
   * @param total all of them; silent for 0, which is unknown
   */
  static Progress ofBytes(PrintWriter terminal, String label, long total) {
    return new Progress(
        terminal, onTerminal() && total > 0, label + " ", " MB", 1e6, total, System::nanoTime);
  }

  /** True if the launcher found standard error to be a terminal. */
  static boolean onTerminal() {
    return Boolean.getBoolean("tornadovit.terminal");
  }

  /** More items are done. */
  void advance(long items) {
    update(done + items, done + items);
  }

  /**
   * So many items are done.
   *
   * @param done with those that were there before
   * @param worked without them: what the rate is of
   */
  void update(long done, long worked) {
    this.done = done;
    long now = clock.getAsLong();
    speed.note(now, worked);
    if (!enabled || now - start < QUIET_NANOS || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    int filled = (int) (BAR_WIDTH * done / total);
    // To the end of the line: it may have been longer.
    terminal.printf(
        Locale.ROOT,
        "\r%s[%s%s] %.0f/%.0f%s%s \u001b[K",
        label,
        "#".repeat(filled),
        ".".repeat(BAR_WIDTH - filled),
        done / unitSize,
        total / unitSize,
        unit,
        rateAndTimeLeft());
    terminal.flush();
    visible = true;
  }

  private String rateAndTimeLeft() {
    OptionalDouble rate = speed.perSecond();
    return rate.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "  %.1f%s/s  %s left",
            rate.getAsDouble() / unitSize,
            unit,
            clock(Math.round((total - done) / rate.getAsDouble())));
  }

  /** Erases the line, so that something else can be printed. */
  void clear() {
    if (visible) {
      terminal.print("\r\u001b[K");
      terminal.flush();
      visible = false;
    }
  }

  private static String clock(long seconds) {
    return seconds < HOUR
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / HOUR, seconds % HOUR / 60, seconds % 60);
  }
}
