package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.image.ImageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request that waits for the model: until its time is up, and not for what nobody wants. */
final class Waiting {
  private static final Logger LOGGER = System.getLogger(Waiting.class.getName());

  private final long start = System.nanoTime();
  private final Duration limit;

  /** Begins now. */
  Waiting(Limits limits) {
    limit = limits.answer();
  }

  /**
   * The answer, or an error entry where the image is to blame.
   *
   * @param value null if there is a problem
   * @param problem null if there is an answer
   * @param <R> the answer
   */
  record Outcome<R>(@Nullable R value, @Nullable String problem) {}

  /** The answer for one image. */
  <R> R one(CompletableFuture<R> future) throws Refusal, InterruptedException {
    try {
      return get(future);
    } catch (ImageException unreadable) {
      throw Refusal.bad(String.valueOf(unreadable.getMessage()));
    }
  }

  /**
   * The answers for images, in order; all or, where it is not an image's fault, none.
   *
   * @param ask may block until there is room
   */
  <T, R> List<Outcome<R>> each(List<T> images, Function<T, CompletableFuture<R>> ask)
      throws Refusal, InterruptedException {
    List<CompletableFuture<R>> futures = new ArrayList<>();
    List<Outcome<R>> outcomes = new ArrayList<>();
    try {
      for (T image : images) {
        if (!futures.isEmpty() && left() == 0) {
          throw late();
        }
        futures.add(ask.apply(image));
      }
      for (CompletableFuture<R> future : futures) {
        try {
          outcomes.add(new Outcome<>(get(future), null));
        } catch (ImageException unreadable) {
          outcomes.add(new Outcome<>(null, String.valueOf(unreadable.getMessage())));
        }
      }
      return outcomes;
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  /** As {@link #each}; an image that is to blame costs the whole request. */
  <T, R> List<R> all(List<T> images, Function<T, CompletableFuture<R>> ask)
      throws Refusal, InterruptedException {
    List<R> answers = new ArrayList<>();
    for (Outcome<R> outcome : each(images, ask)) {
      R answer = outcome.value();
      if (answer == null) {
        throw Refusal.bad(String.valueOf(outcome.problem()));
      }
      answers.add(answer);
    }
    return answers;
  }

  private <R> R get(CompletableFuture<R> future) throws Refusal, InterruptedException {
    try {
      // The time-out is the future's own, so that a request without a caller is not run.
      return future.orTimeout(left(), TimeUnit.NANOSECONDS).get();
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case ImageException unreadable -> throw unreadable;
        case RejectedExecutionException full -> throw Refusal.later(said(full));
        case TimeoutException _ -> throw late();
        case null, default -> {
          LOGGER.log(Level.ERROR, "an image could not be run", failure.getCause());
          throw new Refusal(500, "the image could not be run; the log says why");
        }
      }
    } catch (CancellationException _) {
      throw Refusal.later("the request was given up");
    }
  }

  /** Nanoseconds. */
  private long left() {
    return Math.max(limit.toNanos() - (System.nanoTime() - start), 0);
  }

  private Refusal late() {
    return Refusal.later("no answer within " + limit.toMillis() / 1000.0 + " s");
  }

  private static String said(RejectedExecutionException full) {
    return full.getMessage() == null ? "there is no room; try again later" : full.getMessage();
  }
}
