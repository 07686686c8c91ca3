package io.github.tornadovit.engine.service;

import java.time.Duration;

/**
 * Options of a {@link BatchingService}: how it batches and what it refuses. Immutable; start from
 * {@link #defaults()} and change what you need:
 *
 * {@snippet :
 * ServiceOptions options =
 *     ServiceOptions.defaults().withMaxDelay(Duration.ofMillis(5)).withCapacity(256);
 * }
 *
 * @param maxBatch images of a batch at most; 0, or more than the model takes, for what it takes
 * @param maxDelay how long a request may be held back, counted from when it was queued, so that
 *     others can join its batch. A full batch never waits. What queues up while a batch runs is the
 *     next batch in any case, so zero already fills batches under load; a delay pays on a GPU,
 *     where a batch costs little more than an image, and costs a lone caller that much time
 * @param capacity requests that are prepared or wait to be run, at most
 * @param maxWait how long a caller waits for room where there is none; zero to be refused at once
 * @param preparers callers that decode and preprocess at a time, at most; 0 for one per processor
 */
public record ServiceOptions(
    int maxBatch, Duration maxDelay, int capacity, Duration maxWait, int preparers) {
  /** Long enough for anything, and still counted in nanoseconds without overflow. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final ServiceOptions DEFAULTS =
      new ServiceOptions(0, Duration.ZERO, 128, Duration.ZERO, 0);

  /**
   * @throws IllegalArgumentException if a number or time is out of range
   */
  public ServiceOptions {
    require(maxBatch >= 0, "maxBatch is " + maxBatch + ", expected 0 or more");
    require(capacity >= 1, "capacity is " + capacity + ", expected 1 or more");
    require(preparers >= 0, "preparers is " + preparers + ", expected 0 or more");
    requireTime("maxDelay", maxDelay);
    requireTime("maxWait", maxWait);
  }

  private static void requireTime(String name, Duration time) {
    require(
        !time.isNegative() && time.compareTo(LONGEST) <= 0,
        name + " is " + time + ", expected 0 to " + LONGEST);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * The model's largest batch, no delay, 128 requests, more of them refused at once, one caller per
   * processor preparing.
   */
  public static ServiceOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another largest batch, 0 for the model's. */
  public ServiceOptions withMaxBatch(int maxBatch) {
    return new ServiceOptions(maxBatch, maxDelay, capacity, maxWait, preparers);
  }

  /** These options with another delay. */
  public ServiceOptions withMaxDelay(Duration maxDelay) {
    return new ServiceOptions(maxBatch, maxDelay, capacity, maxWait, preparers);
  }

  /** These options with another number of requests that may wait. */
  public ServiceOptions withCapacity(int capacity) {
    return new ServiceOptions(maxBatch, maxDelay, capacity, maxWait, preparers);
  }

  /** These options with another time that a caller waits for room. */
  public ServiceOptions withMaxWait(Duration maxWait) {
    return new ServiceOptions(maxBatch, maxDelay, capacity, maxWait, preparers);
  }

  /** These options with another number of callers that prepare at a time. */
  public ServiceOptions withPreparers(int preparers) {
    return new ServiceOptions(maxBatch, maxDelay, capacity, maxWait, preparers);
  }
}
