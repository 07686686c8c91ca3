package io.github.tornadovit.hub;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Attempts at one thing that may fail for a while: 5 in a row, 1, 2, 4 and 8 seconds apart, or as
 * far apart as the server says. The counting starts again when something has come in.
 */
final class Retries {
  static final int MOST = 5;

  /** A server that wants a longer wait gets its failure reported. */
  static final Duration MAX_WAIT = Duration.ofMinutes(2);

  /** A pause between tries, which tests replace. */
  interface Pause {
    Pause REAL = Thread::sleep;

    void sleep(Duration duration) throws InterruptedException;
  }

  private final int most;
  private final Pause pause;
  private final Consumer<String> notices;
  private int failed;

  Retries(int most, Pause pause, Consumer<String> notices) {
    this.most = most;
    this.pause = pause;
    this.notices = notices;
  }

  /** Something has come in, so that the server is at work. */
  void progressed() {
    failed = 0;
  }

  /** Waits for the next attempt, or throws the failure if there shall be none. */
  void after(HubException failure) {
    failed++;
    Duration asked = failure.retryAfter();
    Duration wait = asked == null ? Duration.ofSeconds(1L << (failed - 1)) : asked;
    if (!failure.isTransient() || failed >= most || wait.compareTo(MAX_WAIT) > 0) {
      throw failure;
    }
    notices.accept(
        "%s (attempt %d of %d, the next in %d s)"
            .formatted(failure.getMessage(), failed, most, wait.toSeconds()));
    try {
      pause.sleep(wait);
    } catch (InterruptedException interrupt) {
      throw HubException.interrupted(interrupt);
    }
  }
}
