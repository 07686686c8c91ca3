package io.github.tornadovit.engine.service;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch that a service ran.
 *
 * @param maxBatch images that it could have had
 * @param timesInQueue one per image, from when it was queued to the start of the batch
 * @param forward how long the forward pass took, the failed one if there is a failure
 * @param failure what it failed of, or null; the images of a failed batch are run one by one
 */
public record BatchReport(
    int maxBatch, List<Duration> timesInQueue, Duration forward, @Nullable Throwable failure) {

  /** Copies the list. */
  public BatchReport {
    timesInQueue = List.copyOf(timesInQueue);
  }

  /** Images of the batch. */
  public int images() {
    return timesInQueue.size();
  }
}
