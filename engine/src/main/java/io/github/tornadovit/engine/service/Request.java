package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Pixels;
import java.util.concurrent.CompletableFuture;

/**
 * An image on its way to the model. Two requests are the same only if they are one object.
 *
 * @param <R> the answer
 */
final class Request<R> {
  private final Pixels pixels;
  private final CompletableFuture<R> answer;
  private final long queuedAt = System.nanoTime();

  /**
   * A request that is queued now.
   *
   * @param pixels of one image
   * @param answer completed once, by the service or by its caller
   */
  Request(Pixels pixels, CompletableFuture<R> answer) {
    this.pixels = pixels;
    this.answer = answer;
  }

  Pixels pixels() {
    return pixels;
  }

  CompletableFuture<R> answer() {
    return answer;
  }

  /** By {@link System#nanoTime()}. */
  long queuedAt() {
    return queuedAt;
  }
}
