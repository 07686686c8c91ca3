package io.github.tornadovit.hub;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Tasks on a few threads. All have ended when it returns; the first that fails interrupts the
 * others, and its failure is the one that is thrown.
 *
 * <p>Platform threads: a checksum keeps a thread busy for seconds, and virtual threads would wait
 * behind it.
 */
final class SideBySide {
  private SideBySide() {}

  /**
   * Runs them all.
   *
   * @throws HubException of {@link HubException.Reason#INTERRUPTED} if the caller is interrupted,
   *     after they have ended too
   */
  static void run(int threads, List<Runnable> tasks) {
    if (tasks.size() == 1) {
      tasks.getFirst().run();
      return;
    }
    if (tasks.isEmpty()) {
      return;
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(threads, tasks.size()),
            Thread.ofPlatform().daemon().name("tornado-vit-download-", 0).factory())) {
      try {
        CompletionService<Void> running = new ExecutorCompletionService<>(pool);
        tasks.forEach(task -> running.submit(task, null));
        for (int ended = 0; ended < tasks.size(); ended++) {
          running.take().get();
        }
      } catch (InterruptedException interrupt) {
        pool.shutdownNow();
        throw HubException.interrupted(interrupt);
      } catch (ExecutionException failed) {
        pool.shutdownNow();
        throw unwrapped(failed);
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException failed) {
    Throwable cause = failed.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(cause); // A Runnable throws nothing else.
  }
}
