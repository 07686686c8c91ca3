package io.github.tornadovit.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One download of a file at a time: among the threads of this JVM, other JVMs and Python.
 *
 * <p>Best effort, as in huggingface_hub: where a file system has no locks, nobody waits. The lock
 * file stays, since deleting one that others wait for would give two of them the lock.
 */
final class CacheLock implements AutoCloseable {
  private static final long POLL_MILLIS = 100;
  private static final long NOTICE_NANOS = Duration.ofSeconds(2).toNanos();

  // The JDK's locks belong to the whole JVM, and closing any channel of a file drops them.
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final @Nullable AutoCloseable process;

  private CacheLock(ReentrantLock thread, @Nullable AutoCloseable process) {
    this.thread = thread;
    this.process = process;
  }

  /**
   * Waits until nobody else has the lock.
   *
   * @param file made if missing, in a folder that exists
   * @param waiting told once if that takes a while
   */
  static CacheLock acquire(Path file, Runnable waiting) throws InterruptedException {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    thread.lockInterruptibly();
    boolean acquired = false;
    try {
      CacheLock lock = new CacheLock(thread, acquireProcess(file, waiting));
      acquired = true;
      return lock;
    } finally {
      if (!acquired) {
        thread.unlock();
      }
    }
  }

  private static @Nullable AutoCloseable acquireProcess(Path file, Runnable waiting)
      throws InterruptedException {
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        AutoCloseable lock = tryLock(file);
        if (lock != null) {
          return lock;
        }
      } catch (IOException | UnsupportedOperationException noLocks) {
        return null;
      }
      if (!told && System.nanoTime() - start > NOTICE_NANOS) {
        told = true;
        waiting.run();
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static @Nullable AutoCloseable tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (Flock.isUsable()) {
      channel.close();
      return Flock.tryLock(file);
    }
    boolean locked = false;
    try {
      // One byte from the start: what Python locks on Windows.
      FileLock lock = channel.tryLock(0, 1, false);
      locked = lock != null;
      return locked ? channel : null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        process.close();
      }
    } catch (Exception notReleased) {
      // The system releases it at the latest when this process ends.
    } finally {
      thread.unlock();
    }
  }
}
