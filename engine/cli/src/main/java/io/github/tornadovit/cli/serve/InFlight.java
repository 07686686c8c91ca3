package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.HttpServer;
import java.time.Duration;

/**
 * The requests that have no answer yet, so that a server stops when there are none. The JDK's own
 * count does not go down for a client that has gone, and its {@code stop} would wait for that one.
 */
final class InFlight {
  private final Object change = new Object();
  private int requests;

  void begin() {
    synchronized (change) {
      requests++;
    }
  }

  void end() {
    synchronized (change) {
      requests--;
      change.notifyAll();
    }
  }

  /** Stops listening, waits until there are none or the time is up, and closes connections. */
  void stop(HttpServer http, Duration most) {
    Thread stopping =
        Thread.ofPlatform().name("http-stop").start(() -> http.stop((int) most.toSeconds()));
    boolean interrupted = !awaitNone(most);
    stopping.interrupt(); // What it waits for is there.
    while (true) {
      try {
        stopping.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** False if interrupted. */
  private boolean awaitNone(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    synchronized (change) {
      try {
        for (long left = most.toMillis();
            requests > 0 && left > 0;
            left = (end - System.nanoTime()) / 1_000_000) {
          change.wait(left);
        }
        return true;
      } catch (InterruptedException _) {
        return false;
      }
    }
  }
}
