package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.event.BatchEvent;
import io.github.tornadovit.engine.service.ServiceObserver.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The thread that takes requests from the queue, batch by batch, until it is closed and empty. No
 * failure of a batch ends it, and none leaves a request without an answer.
 *
 * @param <R> the answer of a request
 */
final class BatchRunner<R> implements Runnable {
  private final RequestQueue<R> queue;
  private final BatchWork<R> work;
  private final Answers<R> answers;
  private final int maxBatch;
  private final long maxDelayNanos;

  BatchRunner(
      RequestQueue<R> queue,
      BatchWork<R> work,
      Answers<R> answers,
      int maxBatch,
      Duration maxDelay) {
    this.queue = queue;
    this.work = work;
    this.answers = answers;
    this.maxBatch = maxBatch;
    maxDelayNanos = maxDelay.toNanos();
  }

  @Override
  public void run() {
    List<Request<R>> taken = queue.take(maxBatch, maxDelayNanos);
    while (!taken.isEmpty()) {
      runWanted(taken);
      taken = queue.take(maxBatch, maxDelayNanos);
    }
  }

  private void runWanted(List<Request<R>> taken) {
    try {
      List<Request<R>> wanted = answers.withoutAbandoned(taken);
      if (!wanted.isEmpty()) {
        runBatch(wanted);
      }
    } catch (Throwable failure) { // Memory may have run out between a result and its answer.
      taken.forEach(request -> request.answer().completeExceptionally(failure));
    }
  }

  private void runBatch(List<Request<R>> batch) {
    long start = System.nanoTime();
    BatchEvent event = new BatchEvent();
    event.begin();
    List<R> results = List.of();
    Throwable failure = null;
    try {
      results = results(batch);
    } catch (Throwable thrown) { // Whatever it is, errors too: these requests wait for an answer.
      failure = thrown;
    }
    event.end();
    if (event.shouldCommit()) {
      event.service = Thread.currentThread().getName();
      event.images = batch.size();
      event.maxBatch = maxBatch;
      event.queued = queue.size();
      event.longestWait = start - batch.getFirst().queuedAt();
      event.failure = failure == null ? null : failure.toString();
      event.commit();
    }
    answers.report(
        new BatchReport(
            maxBatch,
            batch.stream().map(request -> Duration.ofNanos(start - request.queuedAt())).toList(),
            Duration.ofNanos(System.nanoTime() - start),
            failure));
    if (failure == null) {
      for (int i = 0; i < batch.size(); i++) {
        answers.give(batch.get(i), results.get(i));
      }
    } else if (batch.size() == 1) {
      answers.fail(batch.getFirst(), failure, Outcome.FAILED);
    } else {
      // One image may be to blame, or the batch be too large: each has a pass of its own.
      for (Request<R> request : answers.withoutAbandoned(batch)) {
        runBatch(Collections.singletonList(request));
      }
    }
  }

  private List<R> results(List<Request<R>> batch) {
    Pixels pixels = Pixels.concat(batch.stream().map(Request::pixels).toList());
    return checked(work.run(pixels), batch.size());
  }

  private List<R> checked(List<R> results, int images) {
    if (results.size() != images) {
      throw new IllegalStateException(
          "the model gave %d answers for %d images".formatted(results.size(), images));
    }
    return results;
  }
}
