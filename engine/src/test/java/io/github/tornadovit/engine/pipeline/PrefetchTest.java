package io.github.tornadovit.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Order, bound, failure and end of work that is done ahead. */
@Timeout(60)
class PrefetchTest {
  private static final List<Integer> ITEMS = IntStream.range(0, 200).boxed().toList();
  private static final Set<Thread> WORKERS = ConcurrentHashMap.newKeySet();

  @AfterEach
  void everyThreadEnds() throws InterruptedException {
    assertThat(WORKERS).isNotEmpty();
    for (Thread worker : WORKERS) {
      worker.join();
    }
    WORKERS.clear();
  }

  private static int seen(int item) {
    WORKERS.add(Thread.currentThread());
    return item;
  }

  @Test
  void resultsComeInTheOrderOfTheItems() throws InterruptedException {
    List<Integer> results = new ArrayList<>();
    // The first of each pair waits for the second: an unordered queue would turn them round.
    List<CountDownLatch> pairs =
        IntStream.range(0, ITEMS.size()).mapToObj(i -> new CountDownLatch(1)).toList();
    try (Prefetch<Integer, Integer> prefetch =
        new Prefetch<>(
            ITEMS,
            item -> {
              if (item % 2 == 1) {
                pairs.get(item / 2).countDown();
              } else {
                await(pairs.get(item / 2));
              }
              return seen(item) * 10;
            },
            3,
            8)) {
      while (prefetch.hasNext()) {
        results.add(prefetch.next());
      }
    }
    assertThat(results).isEqualTo(ITEMS.stream().map(item -> item * 10).toList());
  }

  @Test
  void noMoreThanTheBoundIsWorkedOnAhead() throws InterruptedException {
    AtomicInteger started = new AtomicInteger();
    AtomicInteger mostAhead = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    try (Prefetch<Integer, Integer> prefetch =
        new Prefetch<>(
            ITEMS,
            item -> {
              int ahead = started.incrementAndGet() - taken.get();
              mostAhead.accumulateAndGet(ahead, Math::max);
              return seen(item);
            },
            4,
            5)) {
      while (prefetch.hasNext()) {
        prefetch.next();
        taken.incrementAndGet();
      }
    }
    assertThat(started).hasValue(ITEMS.size());
    // One more: the next item is submitted before its consumer counts the last.
    assertThat(mostAhead.get()).isBetween(1, 6);
  }

  @Test
  void workIsDoneWhileTheConsumerIsBusy() throws InterruptedException {
    CountDownLatch fourth = new CountDownLatch(4);
    try (Prefetch<Integer, Integer> prefetch =
        new Prefetch<>(
            ITEMS,
            item -> {
              fourth.countDown();
              return seen(item);
            },
            1,
            4)) {
      // Nothing is taken, and yet the first four are done.
      fourth.await();
      assertThat(prefetch.next()).isZero();
    }
  }

  @Test
  void aFailureReachesTheConsumerInItsPlace() throws InterruptedException {
    try (Prefetch<Integer, Integer> prefetch =
        new Prefetch<>(
            ITEMS,
            item -> {
              if (seen(item) == 2) {
                throw new IllegalArgumentException("item 2");
              }
              return item;
            },
            2,
            4)) {
      assertThat(prefetch.next()).isZero();
      assertThat(prefetch.next()).isEqualTo(1);
      assertThatThrownBy(prefetch::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("item 2");
    }
  }

  @Test
  void closingInterruptsWhatIsInWork() throws InterruptedException {
    CountDownLatch working = new CountDownLatch(2);
    AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    try (Prefetch<Integer, Integer> prefetch =
        new Prefetch<>(
            ITEMS,
            item -> {
              seen(item);
              working.countDown();
              try {
                never.await();
              } catch (InterruptedException expected) {
                interrupted.incrementAndGet();
              }
              return item;
            },
            2,
            4)) {
      working.await();
      assertThat(prefetch.hasNext()).isTrue();
    }
    assertThat(interrupted).hasValue(2);
  }

  @Test
  void anInterruptedConsumerStopsWaiting() throws InterruptedException {
    try (Prefetch<Integer, Integer> prefetch = new Prefetch<>(ITEMS, PrefetchTest::seen, 1, 4)) {
      assertThat(prefetch.next()).isZero();
      Thread.currentThread().interrupt();
      assertThatThrownBy(prefetch::next).isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
