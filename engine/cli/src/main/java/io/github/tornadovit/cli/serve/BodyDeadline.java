package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;

/**
 * Bounds the time that this thread reads a body. What waits for a connection can be ended by
 * closing that alone, and before it the sender is told why.
 */
final class BodyDeadline implements AutoCloseable {
  /** For the answer to be read, by a sender that goes on sending meanwhile. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpExchange exchange;
  private final Refusal late;
  private final Thread reader = Thread.currentThread();
  private final Thread watch;
  private boolean passed;
  private boolean closed;

  /**
   * Begins now, until it is closed.
   *
   * @param late what is answered when the time is up
   */
  BodyDeadline(HttpExchange exchange, Duration time, Refusal late) {
    this.exchange = exchange;
    this.late = late;
    watch = Thread.ofVirtual().name("http-body").start(() -> watch(time));
  }

  private void watch(Duration time) {
    try {
      Thread.sleep(time);
      if (pass()) {
        Thread.sleep(LINGER);
        end();
      }
    } catch (InterruptedException _) { // The body is here.
    }
  }

  /** Answers, unless the body is here. */
  private synchronized boolean pass() {
    if (!closed) {
      passed = true;
      exchange.getResponseHeaders().set("Connection", "close");
      try {
        late.reply().write(exchange);
      } catch (IOException _) { // Nobody is there to be told.
      }
    }
    return passed;
  }

  private synchronized void end() {
    if (!closed) {
      reader.interrupt();
    }
  }

  /**
   * Refuses what came too late.
   *
   * @throws Refusal that has been answered already
   */
  synchronized void check() throws Refusal {
    if (passed) {
      throw late;
    }
  }

  /** The body is here, or will not come. */
  @Override
  public synchronized void close() {
    closed = true;
    watch.interrupt();
    if (passed) {
      Thread.interrupted(); // It was the connection that was meant.
    }
  }
}
