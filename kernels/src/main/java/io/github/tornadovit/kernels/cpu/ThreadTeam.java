package io.github.tornadovit.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that shares out the tasks of one operation at a time.
 *
 * <p>The caller of {@link #run} is worker 0 and works too. Each thread begins with its own part of
 * the tasks, neighbours: where operations number their tasks by rows, a core reads rows that it
 * wrote itself. Tasks are claimed one by one, and who has none left takes others' from their ends,
 * so a thread that the system slows down does fewer; the return of {@code run} is the only barrier.
 * Workers that wait for the next operation spin for some microseconds, because it usually follows
 * at once, and then park. Nothing is allocated per run.
 *
 * <p>Safe for use by several threads, whose runs follow one another. A task that calls {@code run}
 * or {@code close} of its own team is refused; it may use another team. Interrupts are left pending
 * for the caller.
 */
public final class ThreadTeam implements AutoCloseable {

  /** The work of one operation. */
  @FunctionalInterface
  public interface Job {
    /**
     * Does one task.
     *
     * @param task from 0 to the number of tasks less one
     * @param worker which thread does it, from 0 to the number of threads less one
     */
    void run(int task, int worker);
  }

  /**
   * Looks at the counter before a thread parks: some 50 microseconds, the time between operations
   * of a forward pass and several times the cost of waking a parked thread.
   */
  private static final int SPINS = 2_000;

  private static final int PART_LONGS = CacheLines.BYTES / Long.BYTES;

  private static final Job NOTHING = (task, worker) -> {};

  private final ReentrantLock lock = new ReentrantLock();
  private final Worker[] workers;
  private final int spins;

  /** Tasks that nobody has claimed; a task is claimed by counting down, and then chosen. */
  private final AtomicInteger unclaimed = new AtomicInteger();

  /** Per worker, on a cache line: the first task of its part that nobody chose, and the end. */
  private final AtomicLongArray parts;

  /** Tasks that are not finished. */
  private final AtomicInteger unfinished = new AtomicInteger();

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;
  private volatile @Nullable Thread waiting;

  // Written before unclaimed is raised, as parts are; read only by holders of a claimed task.
  private Job job = NOTHING;

  /**
   * Starts a team.
   *
   * @param threads number of threads, the caller included, at least 1
   */
  public ThreadTeam(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
    }
    // Threads without a core of their own would spin away the time of those that have work.
    spins = threads <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
    workers = new Worker[threads - 1];
    parts = new AtomicLongArray(place(threads));
    try {
      for (int i = 0; i < workers.length; i++) {
        workers[i] = new Worker(i + 1);
        workers[i].start();
      }
    } catch (OutOfMemoryError noThread) { // The system's limit of threads counts as memory too.
      endWorkers();
      throw noThread;
    }
  }

  /** The number of threads, the caller included. */
  public int size() {
    return workers.length + 1;
  }

  /**
   * Runs tasks 0 to {@code count - 1}, each once, in any order, and returns when all are done.
   *
   * <p>If a task throws, tasks not yet begun are dropped and the first exception is thrown here.
   *
   * @throws IllegalStateException if the team is closed, or a task of this team calls
   */
  public void run(int count, Job work) {
    refuseTasks("run");
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the backend is closed");
      }
      job = work;
      // Those that are woken, if there are fewer tasks than threads.
      int owners = Math.min(count, size());
      for (int i = 0; i < size(); i++) {
        long first = i < owners ? (long) count * i / owners : 0;
        long end = i < owners ? (long) count * (i + 1) / owners : 0;
        parts.setPlain(place(i), part((int) first, (int) end));
      }
      unfinished.set(count);
      unclaimed.set(count);
      for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
        workers[i].wake();
      }
      takeTasks(0);
      awaitOthers();
      rethrow(failure.getAndSet(null));
    } finally {
      // Else an idle team would keep the buffers of the last plan alive.
      job = NOTHING;
      lock.unlock();
    }
  }

  /**
   * Waits for a run in progress, then ends the threads. Idempotent.
   *
   * @throws IllegalStateException if a task of this team calls
   */
  @Override
  public void close() {
    refuseTasks("close");
    lock.lock();
    try {
      endWorkers();
    } finally {
      lock.unlock();
    }
  }

  private void endWorkers() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /** A task waits for nothing that waits for its end: a worker would for ever. */
  private void refuseTasks(String method) {
    if (lock.isHeldByCurrentThread()
        || (Thread.currentThread() instanceof Worker worker && worker.team() == this)) {
      throw new IllegalStateException("a task calls " + method + " of the team that runs it");
    }
  }

  private void takeTasks(int worker) {
    int left;
    while ((left = unclaimed.get()) > 0) {
      if (unclaimed.compareAndSet(left, left - 1)) {
        // The claimed task keeps this run open, so job and parts are this run's.
        execute(next(worker), worker);
      }
    }
  }

  /** One of the worker's own tasks, or of another's. Who has claimed one finds one. */
  private int next(int worker) {
    for (int i = worker; ; i = (i + 1) % size()) {
      long part = parts.get(place(i));
      int first = (int) (part >>> Integer.SIZE);
      int end = (int) part;
      if (first < end) {
        boolean own = i == worker;
        long rest = own ? part(first + 1, end) : part(first, end - 1);
        if (parts.compareAndSet(place(i), part, rest)) {
          return own ? first : end - 1;
        }
      }
    }
  }

  /** Behind the line of the array's length, which every access reads. */
  private static int place(int worker) {
    return (worker + 1) * PART_LONGS;
  }

  private static long part(int first, int end) {
    return (long) first << Integer.SIZE | end;
  }

  private void execute(int task, int worker) {
    try {
      job.run(task, worker);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      finish(unclaimed.getAndSet(0));
    }
    finish(1);
  }

  private void finish(int count) {
    if (count > 0 && unfinished.addAndGet(-count) == 0) {
      Thread caller = waiting;
      if (caller != null) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void awaitOthers() {
    for (int spin = 0; unfinished.get() > 0; spin++) {
      if (spin < spins) {
        Thread.onSpinWait();
      } else {
        waiting = Thread.currentThread();
        if (unfinished.get() > 0) {
          LockSupport.park(this);
        }
      }
    }
    waiting = null;
  }

  private static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private final class Worker extends Thread {
    private final int index;
    private volatile boolean parked;

    Worker(int index) {
      super(null, null, "tornado-vit-cpu-" + index, 0, false);
      this.index = index;
      setDaemon(true);
    }

    ThreadTeam team() {
      return ThreadTeam.this;
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      int spin = 0;
      while (!closed) {
        if (unclaimed.get() > 0) {
          takeTasks(index);
          spin = 0;
        } else if (spin++ < spins) {
          Thread.onSpinWait();
        } else {
          parked = true;
          // A task may have left an interrupt, with which no thread can be parked.
          Thread.interrupted();
          if (unclaimed.get() == 0 && !closed) {
            LockSupport.park(ThreadTeam.this);
          }
          parked = false;
        }
      }
    }
  }
}
