package io.github.tornadovit.cli;

import io.github.tornadovit.engine.WarmUpProgress;
import java.io.PrintWriter;

/** A line on a terminal while batches run for the first time; gone when all are warm. */
final class WarmUpLine implements WarmUpProgress {
  private final PrintWriter terminal;
  private final boolean enabled;

  /**
   * Prints nothing yet.
   *
   * @param terminal standard error
   * @param enabled false where standard error is no terminal
   */
  WarmUpLine(PrintWriter terminal, boolean enabled) {
    this.terminal = terminal;
    this.enabled = enabled;
  }

  @Override
  public void next(int images, int done, int total) {
    if (!enabled) {
      return;
    }
    terminal.print('\r');
    if (done < total) {
      terminal.printf("warming up: batches of %d (%d of %d)", images, done + 1, total);
    }
    terminal.print("\u001b[K");
    terminal.flush();
  }
}
