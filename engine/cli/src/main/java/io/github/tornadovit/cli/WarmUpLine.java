package io.github.tornadovit.cli;

import io.github.tornadovit.engine.WarmUpProgress;
import java.io.PrintWriter;

/** A line on a terminal while batches run for the first time; gone when all are warm. */
final class WarmUpLine implements WarmUpProgress {
  private final PrintWriter terminal;

  /** Prints nothing yet. */
  WarmUpLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  /** The line, if standard error is a terminal. */
  static WarmUpProgress of(PrintWriter standardError) {
    return Progress.onTerminal() ? new WarmUpLine(standardError) : WarmUpProgress.SILENT;
  }

  @Override
  public void next(int images, int done, int total) {
    terminal.print('\r');
    if (done < total) {
      terminal.printf("warming up: batches of %d (%d of %d)", images, done + 1, total);
    }
    terminal.print("\u001b[K");
    terminal.flush();
  }
}
