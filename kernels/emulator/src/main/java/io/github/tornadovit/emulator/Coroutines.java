package io.github.tornadovit.emulator;

import java.lang.StackWalker.StackFrame;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The work-items of one group as coroutines: virtual threads of which one runs at a time, each
 * until its next barrier or its end, then the next in order. A phase ends when all have stopped;
 * the next starts with the first again.
 */
final class Coroutines {
  private static final int OWNER = -1;
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final Launch launch;
  private final WorkItem[] items;
  private final Consumer<WorkItem> kernel;
  private final Thread[] threads;
  private final Thread owner = Thread.currentThread();

  private final boolean[] waits;

  /**
   * The place in the code of the barrier at which each work-item waits; looked up only when it is
   * compared.
   */
  private final @Nullable StackFrame[] places;

  private final boolean comparePlaces;

  /** Whose turn it is, as a position in {@link #items}; its changes publish everything else. */
  private volatile int turn;

  private volatile boolean aborted;
  private @Nullable Throwable failure;

  /**
   * Creates the coroutines.
   *
   * @param comparePlaces whether work-items have to wait at the same barrier of the code, not only
   *     at as many: to find the place costs more than everything else
   */
  Coroutines(Launch launch, WorkItem[] items, Consumer<WorkItem> kernel, boolean comparePlaces) {
    this.launch = launch;
    this.items = items;
    this.kernel = kernel;
    threads = new Thread[items.length];
    waits = new boolean[items.length];
    places = new StackFrame[items.length];
    this.comparePlaces = comparePlaces;
    for (int i = 0; i < items.length; i++) {
      int position = i;
      threads[i] = Thread.ofVirtual().unstarted(() -> body(position));
    }
  }

  /** Runs every work-item to its end. */
  void run() {
    launch.current(items[0]);
    threads[0].start();
    boolean interrupted = false;
    while (turn != OWNER) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      owner.interrupt();
    }
    if (failure != null) {
      aborted = true;
      for (Thread thread : threads) {
        LockSupport.unpark(thread);
      }
      throw launch.failed(failure);
    }
  }

  private void body(int position) {
    try {
      kernel.accept(items[position]);
      waits[position] = false;
      handOver(position);
    } catch (Aborted e) {
      // Another work-item failed; nobody waits for this one.
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Stops the work-item that runs until all have stopped. */
  void barrier() {
    int position = turn;
    waits[position] = true;
    places[position] = comparePlaces ? place() : null;
    handOver(position);
    while (turn != position) {
      if (aborted) {
        throw new Aborted();
      }
      LockSupport.park(this);
    }
  }

  private void handOver(int position) {
    int next = position + 1;
    if (next == items.length) {
      for (int i = 1; i < items.length; i++) {
        if (waits[0] != waits[i] || (waits[0] && !same(places[0], places[i]))) {
          launch.current(items[i]);
          String first = launch.describe(items[0].id()) + " " + stopped(0);
          fail(launch.fault("", stopped(i) + " where " + first));
          return;
        }
      }
      next = waits[0] ? 0 : OWNER;
    }
    if (next == OWNER) {
      turn = OWNER;
      LockSupport.unpark(owner);
      return;
    }
    launch.current(items[next]);
    turn = next;
    if (next == position) {
      return;
    }
    if (threads[next].getState() == Thread.State.NEW) {
      threads[next].start();
    } else {
      LockSupport.unpark(threads[next]);
    }
  }

  private String stopped(int position) {
    StackFrame place = places[position];
    if (!waits[position]) {
      return "ends";
    }
    return "waits at "
        + (place == null
            ? "a barrier"
            : "the barrier in " + Frames.text(place.toStackTraceElement()));
  }

  private static boolean same(@Nullable StackFrame a, @Nullable StackFrame b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.getByteCodeIndex() == b.getByteCodeIndex()
        && a.getMethodName().equals(b.getMethodName())
        && a.getClassName().equals(b.getClassName());
  }

  private void fail(Throwable e) {
    failure = e;
    turn = OWNER;
    LockSupport.unpark(owner);
  }

  /**
   * The line of the kernel that called {@code localBarrier}: above this method, two barriers and
   * KernelContext.
   */
  private static StackFrame place() {
    return WALKER.walk(frames -> frames.skip(5).findFirst()).orElseThrow();
  }

  /** Ends the work-items that wait when another one failed. */
  private static final class Aborted extends Error {
    private static final long serialVersionUID = 1L;

    private Aborted() {
      super("aborted", null, false, false);
    }
  }
}
