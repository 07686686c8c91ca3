package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 64})
  void everyTaskOfManyRunsIsDoneOnceBeforeRunReturns(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      assertThat(team.size()).isEqualTo(threads);
      for (int round = 0; round < 2_000; round++) {
        int count = round % 37;
        // Not atomic: the end of run must make it visible here.
        int[] done = new int[count];
        team.run(
            count,
            (task, worker) -> {
              assertThat(worker).isBetween(0, threads - 1);
              done[task]++;
            });
        for (int task = 0; task < count; task++) {
          assertThat(done[task]).as("round %d, task %d of %d", round, task, count).isOne();
        }
      }
    }
  }

  @Test
  void noWorkerDoesTwoTasksAtOnce() {
    try (ThreadTeam team = new ThreadTeam(5)) {
      AtomicIntegerArray busy = new AtomicIntegerArray(5);
      team.run(
          2_000,
          (task, worker) -> {
            assertThat(busy.incrementAndGet(worker)).isOne();
            Thread.onSpinWait();
            busy.decrementAndGet(worker);
          });
    }
  }

  @Test
  void tasksRunOnAllThreadsAtOnce() {
    try (ThreadTeam team = new ThreadTeam(4)) {
      for (int round = 0; round < 50; round++) {
        CountDownLatch together = new CountDownLatch(4);
        team.run(
            4,
            (task, worker) -> {
              together.countDown();
              awaitZero(together);
            });
      }
    }
  }

  /** Neighbours stay together, and whoever is done helps from the other end. */
  @Test
  void threadsBeginWithTheirOwnPartAndTakeTheRestOfOthers() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch rest = new CountDownLatch(8);
      int[] byWorker = new int[10];
      team.run(
          10,
          (task, worker) -> {
            byWorker[task] = worker;
            if (task == 0 || task == 5) {
              begun.countDown();
              awaitZero(begun);
            }
            if (task == 0) {
              awaitZero(rest);
            } else if (task != 5) {
              rest.countDown();
            }
          });
      assertThat(byWorker).containsExactly(0, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }
  }

  @Test
  void parkedThreadsWake() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(2)) {
      for (int round = 0; round < 5; round++) {
        Thread.sleep(20);
        tasksMeet(team);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFirstExceptionReachesTheCallerAndTheTeamGoesOn(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      for (int round = 0; round < 100; round++) {
        assertThatThrownBy(
                () ->
                    team.run(
                        50,
                        (task, worker) -> {
                          if (task % 7 == 3) {
                            throw new IllegalArgumentException("task failed");
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("task failed");
        assertThatThrownBy(
                () ->
                    team.run(
                        2,
                        (task, worker) -> {
                          throw new OutOfMemoryError("errors too");
                        }))
            .isInstanceOf(OutOfMemoryError.class);
        AtomicInteger done = new AtomicInteger();
        team.run(50, (task, worker) -> done.incrementAndGet());
        assertThat(done).hasValue(50);
      }
    }
  }

  @Test
  void callersTakeTurns() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(3)) {
      // Each run increments without atomics between its ends; runs that overlapped would lose some.
      int[] total = new int[1];
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Runnable rounds =
            () -> {
              for (int round = 0; round < 500; round++) {
                team.run(1, (task, worker) -> total[0]++);
              }
            };
        callers.add(Thread.ofPlatform().start(rounds));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(total[0]).isEqualTo(4 * 500);
    }
  }

  @Test
  void anInterruptStaysPendingAndDisturbsNothing() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      Thread.currentThread().interrupt();
      AtomicInteger done = new AtomicInteger();
      team.run(30, (task, worker) -> done.incrementAndGet());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(done).hasValue(30);
    }
  }

  @Test
  void threadsAreNamedDaemonsAndEndOnClose() throws InterruptedException {
    ThreadTeam team = new ThreadTeam(3);
    Thread[] seen = new Thread[3];
    CountDownLatch together = new CountDownLatch(3);
    team.run(
        3,
        (task, worker) -> {
          seen[worker] = Thread.currentThread();
          together.countDown();
          awaitZero(together);
        });
    assertThat(seen[0]).isSameAs(Thread.currentThread());
    for (int worker = 1; worker < 3; worker++) {
      assertThat(seen[worker].getName()).isEqualTo("tornado-vit-cpu-" + worker);
      assertThat(seen[worker].isDaemon()).isTrue();
    }
    // Idle long enough to be parked.
    Thread.sleep(20);
    team.close();
    team.close();
    for (int worker = 1; worker < 3; worker++) {
      seen[worker].join();
    }
    assertThatThrownBy(() -> team.run(1, (task, worker) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new ThreadTeam(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads is 0");
  }

  private static void tasksMeet(ThreadTeam team) {
    CountDownLatch together = new CountDownLatch(team.size());
    team.run(
        team.size(),
        (task, worker) -> {
          together.countDown();
          awaitZero(together);
        });
  }

  private static void awaitZero(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
