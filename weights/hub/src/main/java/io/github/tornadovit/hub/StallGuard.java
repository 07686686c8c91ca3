package io.github.tornadovit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes the body of an answer that brings nothing for too long, which ends a read that waits for
 * it: the JDK's own time-out ends with the headers.
 */
final class StallGuard implements AutoCloseable {
  private final InputStream body;
  private final Duration limit;
  private final Thread watcher;
  private volatile long lastSign = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream body, Duration limit) {
    this.body = body;
    this.limit = limit;
    watcher = Thread.ofVirtual().name("tornado-vit-stall-guard").start(this::watch);
  }

  private void watch() {
    try {
      for (Duration left = left(); left.isPositive(); left = left()) {
        Thread.sleep(left);
      }
      stalled = true;
      body.close();
    } catch (InterruptedException done) {
      // close() ends the watch.
    } catch (IOException closed) {
      // It was to be closed.
    }
  }

  private Duration left() {
    return limit.minusNanos(System.nanoTime() - lastSign);
  }

  /** Something came in. */
  void alive() {
    lastSign = System.nanoTime();
  }

  /** Whether this closed the body. */
  boolean stalled() {
    return stalled;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
