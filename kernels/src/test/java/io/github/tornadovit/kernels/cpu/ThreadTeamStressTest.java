package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Teams under stress, in rounds without number: every task is done once, between the calls of its
 * run and its return, whatever fails, interrupts, closes or waits meanwhile. A hang is a failure.
 * {@code -Dtornadovit.stressRounds=N} makes it longer.
 */
@Timeout(600)
class ThreadTeamStressTest {
  private static final int ROUNDS = Integer.getInteger("tornadovit.stressRounds", 10_000);
  private static final long SEED = 1;

  /** Fewer than, as many as and more than there are processors. */
  private static int threads(Random random) {
    int processors = Runtime.getRuntime().availableProcessors();
    return 1 + random.nextInt(4 * processors);
  }

  private static void report(String what, long rounds, AtomicLong tasks) {
    System.out.printf(
        "stress of the thread team: %s: %d runs, %d tasks%n", what, rounds, tasks.get());
  }

  /**
   * The result of a run is the argument of the next, in plain memory: what a task wrote is seen by
   * tasks of the next run on other threads, and no task of it begins before the last of this ends.
   */
  @Test
  void eachRunSeesAllThatTheOneBeforeWrote() {
    Random random = new Random(SEED);
    AtomicLong tasks = new AtomicLong();
    int teams = 8;
    for (int i = 0; i < teams; i++) {
      int size = 1 + random.nextInt(40);
      long[][] values = new long[2][size];
      try (ThreadTeam team = new ThreadTeam(threads(random))) {
        for (int round = 0; round < ROUNDS / teams; round++) {
          long[] from = values[round % 2];
          long[] to = values[1 - round % 2];
          team.run(
              size,
              (task, worker) -> {
                to[task] = 1 + (from[task] + from[(task + 1) % size]) / 2;
                tasks.incrementAndGet();
              });
          assertThat(to).as("team %d, round %d", i, round).containsOnly(round + 1);
        }
      }
    }
    report("runs one after the other", ROUNDS, tasks);
    assertThat(tasks.get()).isPositive();
  }

  /**
   * Some tasks fail: nothing runs twice, one of the failures is thrown, and the next run is whole.
   */
  @Test
  void failuresLoseNoTaskAndNoTeam() {
    Random random = new Random(SEED);
    AtomicLong tasks = new AtomicLong();
    int failed = 0;
    try (ThreadTeam team = new ThreadTeam(5)) {
      for (int round = 0; round < ROUNDS; round++) {
        int count = random.nextInt(12);
        int broken = random.nextInt(24);
        int second = random.nextInt(24);
        int[] done = new int[count];
        AtomicInteger began = new AtomicInteger();
        Throwable thrown = null;
        try {
          team.run(
              count,
              (task, worker) -> {
                began.incrementAndGet();
                done[task]++;
                if (task == broken || task == second) {
                  throw new ArithmeticException("task " + task);
                }
              });
        } catch (ArithmeticException expected) {
          thrown = expected;
          failed++;
          assertThat(expected).hasMessageMatching("task (%d|%d)".formatted(broken, second));
        }
        int sum = 0;
        for (int one : done) {
          assertThat(one).isBetween(thrown == null ? 1 : 0, 1);
          sum += one;
        }
        assertThat(thrown != null).isEqualTo(broken < count || second < count);
        assertThat(began).as("tasks after the return").hasValue(sum);
        tasks.addAndGet(sum);
      }
    }
    report(failed + " of them failed", ROUNDS, tasks);
  }

  /** Callers that share teams, interrupt each other, and keep their interrupts. */
  @Test
  void callersThatAreInterruptedTakeTurns() throws Exception {
    AtomicLong tasks = new AtomicLong();
    int callers = 4;
    List<ThreadTeam> teams = List.of(new ThreadTeam(2), new ThreadTeam(3), new ThreadTeam(7));
    int[] running = new int[teams.size()];
    try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        Random random = new Random(SEED + i);
        all.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < ROUNDS / callers; round++) {
                    int which = random.nextInt(teams.size());
                    boolean interrupt = random.nextInt(4) == 0;
                    if (interrupt) {
                      Thread.currentThread().interrupt();
                    }
                    int[] done = new int[random.nextInt(9)];
                    teams
                        .get(which)
                        .run(
                            done.length,
                            (task, worker) -> {
                              done[task]++;
                              if (task == 0) {
                                // Not atomic: two runs at once would lose one.
                                running[which]++;
                              }
                            });
                    assertThat(done).as("round %d", round).doesNotContain(0, 2);
                    assertThat(Thread.interrupted()).isEqualTo(interrupt);
                    tasks.addAndGet(done.length);
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    teams.forEach(ThreadTeam::close);
    report("callers in turns", (long) ROUNDS / callers * callers, tasks);
    assertThat(running).doesNotContain(0);
  }

  /** A close in the midst of runs: each run is whole or refused, and all threads end. */
  @Test
  void closeDuringRunsRefusesOrWaits() throws Exception {
    Random random = new Random(SEED);
    AtomicLong tasks = new AtomicLong();
    AtomicLong whole = new AtomicLong();
    int teams = Math.max(1, ROUNDS / 50);
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < teams; i++) {
        ThreadTeam team = new ThreadTeam(threads(random));
        Thread[] workers = new Thread[team.size()];
        List<Future<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < 2; caller++) {
          callers.add(pool.submit(() -> runUntilClosed(team, workers, whole, tasks)));
        }
        for (int spin = random.nextInt(20_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        team.close();
        for (Future<?> caller : callers) {
          caller.get();
        }
        for (int worker = 1; worker < workers.length; worker++) {
          if (workers[worker] != null) {
            workers[worker].join();
          }
        }
      }
    }
    report("closed at any time", whole.get(), tasks);
  }

  private static void runUntilClosed(
      ThreadTeam team, Thread[] workers, AtomicLong whole, AtomicLong tasks) {
    while (true) {
      int[] done = new int[5];
      try {
        team.run(
            done.length,
            (task, worker) -> {
              done[task]++;
              workers[worker] = Thread.currentThread();
            });
      } catch (IllegalStateException closed) {
        assertThat(closed).hasMessageContaining("closed");
        assertThat(done).containsOnly(0);
        return;
      }
      assertThat(done).containsOnly(1);
      whole.incrementAndGet();
      tasks.addAndGet(done.length);
    }
  }

  /** Whichever thread has the task: the team neither hangs nor mixes two runs up. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void aTaskThatUsesItsOwnTeamIsRefused(int threads) {
    AtomicLong tasks = new AtomicLong();
    int rounds = ROUNDS / 10;
    try (ThreadTeam team = new ThreadTeam(threads);
        ThreadTeam other = new ThreadTeam(2)) {
      for (int round = 0; round < rounds; round++) {
        boolean closes = round % 2 == 0;
        AtomicInteger inner = new AtomicInteger();
        assertThatThrownBy(
                () ->
                    team.run(
                        3,
                        (task, worker) -> {
                          if (closes) {
                            end(team);
                          } else {
                            team.run(2, (innerTask, innerWorker) -> inner.incrementAndGet());
                          }
                        }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a task calls " + (closes ? "close" : "run"));
        assertThat(inner).hasValue(0);
        // Another team is no harm, and the one that refused goes on.
        team.run(
            3, (task, worker) -> other.run(2, (innerTask, innerWorker) -> tasks.incrementAndGet()));
        assertThat(tasks.get()).isEqualTo(6L * (round + 1));
      }
    }
    report("nested, " + threads + " threads", 2L * rounds, tasks);
  }

  private static void end(ThreadTeam team) {
    team.close();
  }

  /** A worker that a task leaves interrupted can still be parked: it does not spin for ever. */
  @Test
  void aWorkerLosesAnInterruptOfItsTask() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(2)) {
      Thread[] seen = new Thread[2];
      while (seen[1] == null) {
        team.run(
            2,
            (task, worker) -> {
              seen[worker] = Thread.currentThread();
              if (worker == 1) {
                Thread.currentThread().interrupt();
              } else {
                Thread.onSpinWait();
              }
            });
      }
      Thread worker = seen[1];
      for (int look = 0; look < 10_000 && worker.isInterrupted(); look++) {
        Thread.sleep(1);
      }
      assertThat(worker.isInterrupted()).isFalse();
    }
  }
}
