package io.github.tornadovit.examples.server;

import java.time.Duration;

/**
 * Limits of the server, so that no caller can exhaust it.
 *
 * @param bodyBytes an image file of more is refused, with 413
 * @param inFlight requests whose images are in memory; one more is refused unread, with 503
 * @param answer time from the whole image to its label; later is 503, and the image is not run
 * @param shutdown time that requests in flight have when the server stops
 */
record Limits(long bodyBytes, int inFlight, Duration answer, Duration shutdown) {
  static final Limits DEFAULTS =
      new Limits(10_000_000, 128, Duration.ofSeconds(10), Duration.ofSeconds(20));
}
