package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.service.ServiceObserver.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Completes the futures of requests and tells observers what became of them, once each.
 *
 * <p>What a caller hangs on its future runs where the future is completed. So each is completed by
 * a virtual thread of its own: a caller's code may block there, even wait for another answer of the
 * same batch, and holds up nobody.
 *
 * @param <R> the answer of a request
 */
final class Answers<R> {
  private static final Logger LOGGER = System.getLogger(Answers.class.getName());

  private final ThreadFactory threads;
  private final List<ServiceObserver> observers = new CopyOnWriteArrayList<>();

  /** Whether the log has a failure of an observer: one that fails does so at every request. */
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Those that a thread is about to answer. */
  private final Set<Request<R>> onTheirWay = ConcurrentHashMap.newKeySet();

  /**
   * Answers of a service.
   *
   * @param name of the service, with which the names of threads begin
   */
  Answers(String name) {
    threads = Thread.ofVirtual().name(name + "-answer-", 0).factory();
  }

  void observe(ServiceObserver observer) {
    observers.add(observer);
  }

  /** Gives a request its answer, soon. */
  void give(Request<R> request, R result) {
    elsewhere(request, () -> told(request.answer().complete(result), Outcome.ANSWERED));
  }

  /** Gives a request a failure, soon. */
  void fail(Request<R> request, Throwable failure, Outcome outcome) {
    elsewhere(request, () -> told(request.answer().completeExceptionally(failure), outcome));
  }

  /** A future that has failed before there was a request; its caller has not seen it yet. */
  CompletableFuture<R> failed(Throwable failure, Outcome outcome) {
    told(true, outcome);
    return CompletableFuture.failedFuture(failure);
  }

  /** A request left the queue because its caller no longer wants the answer. */
  void abandoned() {
    told(false, Outcome.ABANDONED);
  }

  /** Those whose callers still wait; of the others observers are told. */
  List<Request<R>> withoutAbandoned(List<Request<R>> requests) {
    List<Request<R>> wanted = new ArrayList<>(requests.size());
    for (Request<R> request : requests) {
      if (request.answer().isDone()) {
        abandoned();
      } else {
        wanted.add(request);
      }
    }
    return wanted;
  }

  void report(BatchReport report) {
    tell(observer -> observer.batchDone(report));
  }

  /** Waits until every answer given so far is there, though not for what callers do with it. */
  void awaitGiven() {
    onTheirWay.forEach(request -> request.answer().handle((_, _) -> true).join());
  }

  private void elsewhere(Request<R> request, Runnable completion) {
    onTheirWay.add(request);
    Runnable task =
        () -> {
          try {
            completion.run();
          } finally {
            onTheirWay.remove(request);
          }
        };
    try {
      threads.newThread(task).start();
    } catch (OutOfMemoryError _) { // Then there is no other thread.
      task.run();
    }
  }

  private void told(boolean first, Outcome outcome) {
    tell(observer -> observer.requestDone(first ? outcome : Outcome.ABANDONED));
  }

  private void tell(Consumer<ServiceObserver> message) {
    for (ServiceObserver observer : observers) {
      try {
        message.accept(observer);
      } catch (RuntimeException | Error failure) { // A library may be missing, for instance.
        if (warned.compareAndSet(false, true)) {
          LOGGER.log(Level.WARNING, "a service's observer failed; said once", failure);
        }
      }
    }
  }
}
