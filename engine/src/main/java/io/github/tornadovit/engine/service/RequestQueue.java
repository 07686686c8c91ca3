package io.github.tornadovit.engine.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests in the order in which they came, and places for those that are still being prepared: a
 * place is taken first, so that no work is done for a request that would be refused.
 *
 * @param <R> the answer of a request
 */
final class RequestQueue<R> {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition changed = lock.newCondition();
  private final Deque<Request<R>> waiting = new ArrayDeque<>();

  /** Places in use: by the requests that wait, and by those that are being prepared. */
  private int places;

  private boolean closed;

  RequestQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Takes a place, which ends with {@link #giveBack} or with the request leaving the queue.
   *
   * @param maxWaitNanos how long to wait for one
   * @throws OverloadException if there is none by then, or the thread is interrupted
   * @throws ServiceClosedException if the queue is closed
   */
  void takePlace(long maxWaitNanos) {
    lock.lock();
    try {
      long left = maxWaitNanos;
      while (!closed && places == capacity) {
        if (left <= 0) {
          throw new OverloadException(
              "the service has %d requests and takes no more; try again later, or raise its capacity"
                  .formatted(capacity));
        }
        left = room.awaitNanos(left);
      }
      requireOpen();
      places++;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OverloadException("interrupted while the service had no room");
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ServiceClosedException();
    }
  }

  /** Gives back the place of a request that will not be queued. */
  void giveBack() {
    lock.lock();
    try {
      free(1);
    } finally {
      lock.unlock();
    }
  }

  private void free(int count) {
    places -= count;
    for (int i = 0; i < count; i++) {
      room.signal();
    }
  }

  /**
   * Queues a request that has a place.
   *
   * @throws ServiceClosedException if the queue is closed; the place is still taken
   */
  void add(Request<R> request) {
    lock.lock();
    try {
      requireOpen();
      waiting.add(request);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a request out of the queue; false if it is not there, or not any more. */
  boolean remove(Request<R> request) {
    lock.lock();
    try {
      boolean removed = waiting.remove(request);
      if (removed) {
        free(1);
        changed.signal();
      }
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the oldest requests, waiting for the first. For one thread, whose interrupts are ignored.
   *
   * @param most requests at most
   * @param maxDelayNanos how long after the oldest request was queued others may still join it
   * @return empty if the queue is closed and nothing is left in it
   */
  List<Request<R>> take(int most, long maxDelayNanos) {
    lock.lock();
    try {
      while (!closed && waiting.size() < most) {
        Request<R> oldest = waiting.peek();
        long left =
            oldest == null
                ? Long.MAX_VALUE
                : maxDelayNanos - (System.nanoTime() - oldest.queuedAt());
        if (left <= 0) {
          break;
        }
        try {
          long _ = changed.awaitNanos(left);
        } catch (InterruptedException _) {
          // It ends when the queue is closed, and not otherwise.
        }
      }
      List<Request<R>> taken = new ArrayList<>(most);
      while (taken.size() < most && !waiting.isEmpty()) {
        taken.add(waiting.remove());
      }
      free(taken.size());
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes everything that waits. */
  List<Request<R>> drain() {
    lock.lock();
    try {
      List<Request<R>> all = new ArrayList<>(waiting);
      waiting.clear();
      free(all.size());
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses requests from now on; those that wait can still be taken. Idempotent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that wait. */
  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
