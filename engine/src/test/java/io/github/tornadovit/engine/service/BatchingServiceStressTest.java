package io.github.tornadovit.engine.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.service.ServiceObserver.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many callers that cancel at random, a model that fails at random, a close in their midst: every
 * future is completed once, with its own answer or a failure that it deserves, and the counts
 * agree.
 */
@Timeout(120)
class BatchingServiceStressTest {
  private static final int CALLERS = 24;
  private static final int REQUESTS_EACH = 400;
  private static final int POISON = 97;

  /** A request as its caller saw it. */
  private record Sent(int image, CompletableFuture<Integer> answer, boolean cancelled) {}

  private static int requests() {
    return CALLERS * REQUESTS_EACH;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyRequestHasExactlyOneOutcome(long seed) throws Exception {
    Random random = new Random(seed);
    FakeWork work = new FakeWork(8);
    work.poison = image -> image % POISON == 0;
    ServiceOptions options =
        ServiceOptions.defaults()
            .withCapacity(1 + random.nextInt(40))
            .withMaxBatch(1 + random.nextInt(8))
            .withMaxDelay(Duration.ofNanos(random.nextInt(300_000)))
            .withMaxWait(Duration.ofNanos(random.nextBoolean() ? 0 : 2_000_000))
            .withPreparers(1 + random.nextInt(4));
    BatchingService<Integer> service = new BatchingService<>(work, options);
    List<Outcome> told = Collections.synchronizedList(new ArrayList<>());
    service.observe(
        new ServiceObserver() {
          @Override
          public void requestDone(Outcome outcome) {
            told.add(outcome);
          }
        });
    Set<Sent> sent = ConcurrentHashMap.newKeySet();
    List<Thread> callers = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      int first = caller * REQUESTS_EACH;
      Random own = new Random(seed * CALLERS + caller);
      Thread.Builder thread = caller % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
      callers.add(thread.start(() -> call(service, first, own, sent)));
    }
    int before = requests() / (2 + random.nextInt(6));
    while (sent.size() < before) {
      Thread.onSpinWait();
    }
    // On a busy machine the service's thread may not have had a turn yet.
    while (!told.contains(Outcome.ANSWERED)) {
      Thread.sleep(1);
    }
    service.close(random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(5));
    Set<Sent> sentBeforeCloseReturned = Set.copyOf(sent);
    assertThat(sentBeforeCloseReturned).as("seed %d", seed).allMatch(one -> one.answer().isDone());
    for (Thread caller : callers) {
      caller.join();
    }

    Map<Outcome, Integer> seen = outcomes(sent);
    assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(requests());
    assertThat(seen).as("seed %d", seed).containsKeys(Outcome.ANSWERED, Outcome.REFUSED);
    while (told.size() < requests()) {
      Thread.sleep(1);
    }
    for (Outcome outcome : Outcome.values()) {
      assertThat(Collections.frequency(told, outcome))
          .as("seed %d, %s", seed, outcome)
          .isEqualTo(seen.getOrDefault(outcome, 0));
    }
    assertEachImageRanOnce(work, sent, seed);
    assertThat(service.queued()).isZero();
  }

  private static void call(
      BatchingService<Integer> service, int first, Random random, Set<Sent> sent) {
    for (int image = first; image < first + REQUESTS_EACH; image++) {
      CompletableFuture<Integer> answer =
          random.nextInt(20) == 0
              ? service.submit(new byte[0], "no number")
              : service.submit(FakeWork.image(image));
      boolean cancelled = random.nextInt(5) == 0 && answer.cancel(true);
      sent.add(new Sent(image, answer, cancelled));
      if (random.nextInt(3) == 0) {
        answer.handle((_, _) -> true).join();
      }
    }
  }

  private static Map<Outcome, Integer> outcomes(Set<Sent> sent) {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    for (Sent one : sent) {
      assertThat(one.answer()).isDone();
      Throwable failure = one.answer().handle((_, thrown) -> thrown).join();
      if (failure == null) {
        assertThat(one.answer().join()).isEqualTo(one.image());
      }
      counts.merge(
          switch (failure) {
            case null -> Outcome.ANSWERED;
            case CancellationException _ -> Outcome.ABANDONED;
            case ImageException _ -> Outcome.UNREADABLE;
            case OverloadException _ -> Outcome.REFUSED;
            case ServiceClosedException _ -> Outcome.REFUSED;
            case IllegalStateException _ -> Outcome.FAILED;
            default -> throw new AssertionError(failure);
          },
          1,
          Integer::sum);
      assertThat(one.answer().isCancelled()).isEqualTo(one.cancelled());
      if (failure instanceof IllegalStateException && !one.cancelled()) {
        assertThat(one.image() % POISON).isZero();
      }
    }
    return counts;
  }

  /** Successful batches hold every answered image once; nothing runs that was not sent. */
  private static void assertEachImageRanOnce(FakeWork work, Set<Sent> sent, long seed) {
    Set<Integer> ran = new HashSet<>();
    for (List<Integer> batch : work.batches) {
      if (batch.stream().noneMatch(image -> image % POISON == 0)) {
        assertThat(batch).as("seed %d", seed).allMatch(ran::add);
      }
    }
    for (Sent one : sent) {
      boolean answered = !one.answer().isCompletedExceptionally();
      assertThat(!answered || ran.contains(one.image())).as("image %d", one.image()).isTrue();
    }
  }
}
