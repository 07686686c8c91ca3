package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time that this thread reads a body. What waits for a connection can be ended by
 * closing that alone, and before it the sender is told why.
 */
final class BodyDeadline implements AutoCloseable {
  /** For the answer to be read, by a sender that goes on sending meanwhile. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpExchange exchange;
  private final Thread reader = Thread.currentThread();
  private final Thread watch;
  private @Nullable Refusal late;
  private boolean closed;

  /**
   * Begins now, until the body has {@link #ended}.
   *
   * @param time that it may take
   */
  BodyDeadline(HttpExchange exchange, Duration time) {
    this.exchange = exchange;
    watch = Thread.ofVirtual().name("http-body").start(() -> watch(time));
  }

  private void watch(Duration time) {
    try {
      Thread.sleep(time);
      if (pass(time)) {
        Thread.sleep(LINGER);
        end();
      }
    } catch (InterruptedException _) { // The body is here.
    }
  }

  /** Answers, unless the body is here. */
  private synchronized boolean pass(Duration time) {
    if (closed) {
      return false;
    }
    late =
        new Refusal(408, "the body did not come within %s s".formatted(time.toMillis() / 1000.0));
    exchange.getResponseHeaders().set("Connection", "close");
    try {
      late.reply().write(exchange);
    } catch (IOException _) { // Nobody is there to be told.
    }
    return true;
  }

  private synchronized void end() {
    if (!closed) {
      reader.interrupt();
    }
  }

  /**
   * No more of the body comes, and from now on it was in time.
   *
   * @throws Refusal that has been answered already, if it was not
   */
  synchronized void ended() throws Refusal {
    if (late != null) {
      throw late;
    }
    closed = true;
  }

  /** The body is here, or will not come. */
  @Override
  public synchronized void close() {
    closed = true;
    watch.interrupt();
    if (late != null) {
      Thread.interrupted(); // It was the connection that was meant.
    }
  }
}
