package io.github.tornadovit.cli.serve;

import java.time.Duration;

/**
 * Limits of the server, so that no caller can exhaust it.
 *
 * @param bodyBytes a body of more is refused, with 413
 * @param memoryBytes of bodies of all requests together; what is more is refused, with 503
 * @param images of one request at most; more is refused, with 413
 * @param inFlight requests in work, whose bodies are here; one more is refused, with 503
 * @param body time that a body has to come; later is 408
 * @param answer time from when a body is here to its answer; later is 503, and its images are not
 *     run
 * @param shutdown time that requests in flight have when the server stops
 */
public record Limits(
    int bodyBytes,
    long memoryBytes,
    int images,
    int inFlight,
    Duration body,
    Duration answer,
    Duration shutdown) {
  /**
   * 32 MiB a request, a quarter of the heap for all, since as much again is made of them; 64
   * images, 128 requests, 30 s, 30 s, 20 s.
   */
  public static final Limits DEFAULTS =
      new Limits(
          32 << 20,
          Runtime.getRuntime().maxMemory() / 4,
          64,
          128,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20));

  /** These limits with another one of bytes of a body. */
  public Limits withBodyBytes(int bytes) {
    return new Limits(bytes, memoryBytes, images, inFlight, body, answer, shutdown);
  }

  /** These limits with another number of requests in work. */
  public Limits withInFlight(int requests) {
    return new Limits(bodyBytes, memoryBytes, images, requests, body, answer, shutdown);
  }

  /** These limits with another time for a body to come, and again for its answer. */
  public Limits withTime(Duration time) {
    return new Limits(bodyBytes, memoryBytes, images, inFlight, time, time, shutdown);
  }
}
