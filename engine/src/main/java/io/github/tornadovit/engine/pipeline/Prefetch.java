package io.github.tornadovit.engine.pipeline;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work on the items of a list that is done ahead of its use, by several threads, and handed over in
 * the order of the list.
 *
 * <p>At most {@code ahead} items are in work or done and not yet taken, whatever the speed of
 * either side. For one consumer; closing it ends its threads.
 */
final class Prefetch<T, R> implements AutoCloseable {
  private final Iterator<T> items;
  private final Function<T, R> work;
  private final ExecutorService workers;
  private final Queue<Future<R>> window = new ArrayDeque<>();

  /**
   * Starts with the first items.
   *
   * @param threads at least 1
   * @param ahead at least 1
   */
  Prefetch(List<T> items, Function<T, R> work, int threads, int ahead) {
    this.items = items.iterator();
    this.work = work;
    workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("tornado-vit-images-", 0).factory());
    for (int i = 0; i < ahead; i++) {
      submitNext();
    }
  }

  private void submitNext() {
    if (items.hasNext()) {
      T item = items.next();
      window.add(workers.submit(() -> work.apply(item)));
    }
  }

  /** Whether an item is left. */
  boolean hasNext() {
    return !window.isEmpty();
  }

  /**
   * The result for the next item, waited for if need be.
   *
   * @throws InterruptedException if the caller is interrupted, or was
   * @throws RuntimeException that the work threw
   */
  R next() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      R result = window.remove().get();
      submitNext();
      return result;
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failure);
      }
    }
  }

  /** Interrupts what is in work, drops what is not, and waits until no thread works any more. */
  @Override
  public void close() {
    workers.shutdownNow();
    workers.close();
  }
}
