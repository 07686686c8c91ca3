package io.github.tornadovit.engine.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.service.ServiceObserver.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service promises, one promise at a time, with a model that tests hold at a gate. */
@Timeout(60)
class BatchingServiceTest {
  private static final ServiceOptions DEFAULTS = ServiceOptions.defaults();

  private static BatchingService<Integer> service(FakeWork work, ServiceOptions options) {
    return new BatchingService<>(work, options);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  /** Has the model begin a batch of image 0 and stay in it. */
  private static CompletableFuture<Integer> occupy(BatchingService<Integer> service, FakeWork work)
      throws InterruptedException {
    CompletableFuture<Integer> first = service.submit(FakeWork.image(0));
    await(() -> !work.batches.isEmpty());
    return first;
  }

  private static List<CompletableFuture<Integer>> submit(
      BatchingService<Integer> service, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> service.submit(FakeWork.image(i))).toList();
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return future.handle((_, failure) -> failure).join();
  }

  @Test
  void whatQueuesWhileABatchRunsIsTheNextBatchInOrder() throws Exception {
    FakeWork work = new FakeWork(4, 0);
    try (var service = service(work, DEFAULTS)) {
      CompletableFuture<Integer> first = occupy(service, work);
      List<CompletableFuture<Integer>> others = submit(service, 1, 7);
      assertThat(service.queued()).isEqualTo(6);
      work.gate.release(3);
      assertThat(first.join()).isZero();
      assertThat(others.stream().map(CompletableFuture::join)).containsExactly(1, 2, 3, 4, 5, 6);
    }
    assertThat(work.batches).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6));
  }

  @Test
  void aDelayGathersABatchAndAFullOneDoesNotWait() {
    FakeWork work = new FakeWork(8);
    try (var service = service(work, DEFAULTS.withMaxBatch(3).withMaxDelay(Duration.ofHours(1)))) {
      assertThat(service.maxBatch()).isEqualTo(3);
      List<CompletableFuture<Integer>> answers = submit(service, 0, 3);
      assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(0, 1, 2);
    }
    assertThat(work.batches).containsExactly(List.of(0, 1, 2));
  }

  @Test
  void aDelayEnds() {
    FakeWork work = new FakeWork(8);
    try (var service = service(work, DEFAULTS.withMaxDelay(Duration.ofMillis(5)))) {
      assertThat(service.submit(FakeWork.image(3)).join()).isEqualTo(3);
    }
  }

  @Test
  void closingEndsADelay() {
    FakeWork work = new FakeWork(8);
    CompletableFuture<Integer> answer;
    try (var service = service(work, DEFAULTS.withMaxDelay(Duration.ofHours(1)))) {
      answer = service.submit(FakeWork.image(3));
    }
    assertThat(answer).isCompletedWithValue(3);
  }

  @Test
  void anUnreadableImageFailsItsOwnFuture() throws Exception {
    FakeWork work = new FakeWork(4, 0);
    try (var service = service(work, DEFAULTS)) {
      CompletableFuture<Integer> _ = occupy(service, work);
      CompletableFuture<Integer> before = service.submit(Path.of("1"));
      CompletableFuture<Integer> bad = service.submit(new byte[0], "face");
      CompletableFuture<Integer> after = service.submit(new byte[0], "2");
      assertThat(failure(bad)).isInstanceOf(ImageException.class).hasMessage("face: is no number");
      work.gate.release(2);
      assertThat(before.join() + after.join()).isEqualTo(3);
    }
    assertThat(work.batches).containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void ofABatchThatFailsEachImageIsTriedAlone() throws Exception {
    FakeWork work = new FakeWork(4, 0);
    work.poison = image -> image == 2;
    try (var service = service(work, DEFAULTS)) {
      CompletableFuture<Integer> _ = occupy(service, work);
      List<CompletableFuture<Integer>> answers = submit(service, 1, 4);
      work.gate.release(100);
      assertThat(answers.get(0).join()).isEqualTo(1);
      assertThat(failure(answers.get(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("poisoned");
      assertThat(answers.get(2).join()).isEqualTo(3);
    }
    assertThat(work.batches)
        .containsExactly(List.of(0), List.of(1, 2, 3), List.of(1), List.of(2), List.of(3));
  }

  @Test
  void aModelThatForgetsAnAnswerIsAFailure() {
    FakeWork work = new FakeWork(4);
    BatchWork<Integer> forgetful = new Forgetful(work);
    try (var service = new BatchingService<>(forgetful, DEFAULTS)) {
      assertThat(failure(service.submit(FakeWork.image(1))))
          .hasMessage("the model gave 0 answers for 1 images");
    }
  }

  private record Forgetful(FakeWork work) implements BatchWork<Integer> {
    @Override
    public int maxBatch() {
      return work.maxBatch();
    }

    @Override
    public Pixels pixels(Path image) {
      return work.pixels(image);
    }

    @Override
    public Pixels pixels(byte[] encoded, String name) {
      return work.pixels(encoded, name);
    }

    @Override
    public Pixels pixels(RgbImage image) {
      return work.pixels(image);
    }

    @Override
    public List<Integer> run(Pixels pixels) {
      return List.of();
    }

    @Override
    public void warmUp(int images) {}
  }

  @Test
  void aFullServiceRefusesAtOnceAndDecodesNothing() throws Exception {
    FakeWork work = new FakeWork(4, 0);
    try (var service = service(work, DEFAULTS.withCapacity(2))) {
      CompletableFuture<Integer> _ = occupy(service, work);
      List<CompletableFuture<Integer>> answers = submit(service, 1, 3);
      assertThat(failure(service.submit(new byte[0], "not even looked at")))
          .isInstanceOf(OverloadException.class)
          .hasMessageContaining("has 2 requests and takes no more");
      work.gate.release(2);
      assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(1, 2);
      assertThat(failure(service.submit(new byte[0], "looked at")))
          .isInstanceOf(ImageException.class);
    }
  }

  @Test
  void whateverBecomesOfARequestItsPlaceIsFreeAgain() throws Exception {
    FakeWork work = new FakeWork(4);
    work.poison = image -> image == 1;
    try (var service = service(work, DEFAULTS.withCapacity(1))) {
      for (int round = 0; round < 3; round++) {
        assertThat(failure(service.submit(new byte[0], "bad"))).isInstanceOf(ImageException.class);
        assertThat(failure(service.submit(FakeWork.image(1)))).hasMessage("poisoned");
        assertThat(service.submit(FakeWork.image(2)).join()).isEqualTo(2);
        CompletableFuture<Integer> cancelled = service.submit(FakeWork.image(3));
        cancelled.cancel(true);
        await(() -> service.queued() == 0);
      }
    }
  }

  @Test
  void aCallerMayWaitForRoom() throws Exception {
    FakeWork work = new FakeWork(1, 0);
    try (var service = service(work, DEFAULTS.withCapacity(1).withMaxWait(Duration.ofHours(1)))) {
      CompletableFuture<Integer> _ = occupy(service, work);
      CompletableFuture<Integer> queued = service.submit(FakeWork.image(1));
      List<Integer> answers = new ArrayList<>();
      Thread caller =
          Thread.ofVirtual().start(() -> answers.add(service.submit(FakeWork.image(2)).join()));
      await(() -> caller.getState() == Thread.State.TIMED_WAITING);
      work.gate.release(3);
      caller.join();
      assertThat(queued.join()).isEqualTo(1);
      assertThat(answers).containsExactly(2);
    }
  }

  @Test
  void waitingForRoomEndsWithTimeInterruptAndClose() throws Exception {
    FakeWork work = new FakeWork(1, 0);
    List<Throwable> failures = new ArrayList<>();
    var service = service(work, DEFAULTS.withCapacity(1).withMaxWait(Duration.ofHours(1)));
    CompletableFuture<Integer> _ = occupy(service, work);
    submit(service, 1, 2);
    for (Runnable end : List.<Runnable>of(() -> {}, () -> work.gate.release(2))) {
      Thread caller =
          Thread.ofPlatform().start(() -> failures.add(failure(service.submit(FakeWork.image(2)))));
      await(() -> caller.getState() == Thread.State.TIMED_WAITING);
      if (failures.isEmpty()) {
        caller.interrupt();
        caller.join();
      } else {
        Thread closer = Thread.ofPlatform().start(service::close);
        caller.join();
        end.run();
        closer.join();
      }
    }
    assertThat(failures.get(0))
        .isInstanceOf(OverloadException.class)
        .hasMessageContaining("interrupted");
    assertThat(failures.get(1)).isInstanceOf(ServiceClosedException.class);

    FakeWork busy = new FakeWork(1, 0);
    try (var impatient =
        service(busy, DEFAULTS.withCapacity(1).withMaxWait(Duration.ofMillis(5)))) {
      CompletableFuture<Integer> _ = occupy(impatient, busy);
      submit(impatient, 1, 2);
      assertThat(failure(impatient.submit(FakeWork.image(2))))
          .isInstanceOf(OverloadException.class);
      busy.gate.release(2);
    }
  }

  @Test
  void aCancelledRequestLeavesItsPlaceAndIsNotRun() throws Exception {
    FakeWork work = new FakeWork(4, 0);
    try (var service = service(work, DEFAULTS.withCapacity(2))) {
      CompletableFuture<Integer> running = occupy(service, work);
      List<CompletableFuture<Integer>> answers = submit(service, 1, 3);
      assertThat(answers.get(0).cancel(false)).isTrue();
      CompletableFuture<Integer> late = service.submit(FakeWork.image(3));
      assertThat(failure(late.orTimeout(1, TimeUnit.MILLISECONDS)))
          .isInstanceOf(TimeoutException.class);
      await(() -> service.queued() == 1);
      assertThat(running.cancel(true)).as("one that has begun").isTrue();
      work.gate.release(2);
      assertThat(answers.get(1).join()).isEqualTo(2);
      assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
    }
    assertThat(work.batches).containsExactly(List.of(0), List.of(2));
  }

  @Test
  void closeDrains() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    var service = service(work, DEFAULTS);
    CompletableFuture<Integer> _ = occupy(service, work);
    List<CompletableFuture<Integer>> answers = submit(service, 1, 6);
    Thread closer = Thread.ofPlatform().start(service::close);
    await(
        () ->
            closer.getState() == Thread.State.TIMED_WAITING
                || closer.getState() == Thread.State.WAITING);
    assertThat(failure(service.submit(FakeWork.image(9))))
        .isInstanceOf(ServiceClosedException.class);
    work.gate.release(10);
    closer.join();
    assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
    service.close();
    service.close(Duration.ZERO);
  }

  @Test
  void closeWithoutGraceFailsWhatHasNotBegun() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    var service = service(work, DEFAULTS);
    CompletableFuture<Integer> begun = occupy(service, work);
    List<CompletableFuture<Integer>> answers = submit(service, 1, 6);
    Thread closer = Thread.ofPlatform().start(() -> service.close(Duration.ZERO));
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(failure(answer)).isInstanceOf(ServiceClosedException.class);
    }
    assertThat(begun).isNotDone();
    work.gate.release();
    closer.join();
    assertThat(begun).isCompletedWithValue(0);
    assertThat(work.batches).containsExactly(List.of(0));
  }

  @Test
  void interruptingACloseFailsWhatHasNotBegun() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    var service = service(work, DEFAULTS);
    CompletableFuture<Integer> _ = occupy(service, work);
    List<CompletableFuture<Integer>> answers = submit(service, 1, 3);
    List<Boolean> interrupted = new ArrayList<>();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  service.close();
                  interrupted.add(Thread.currentThread().isInterrupted());
                });
    closer.interrupt();
    assertThat(failure(answers.get(1))).isInstanceOf(ServiceClosedException.class);
    work.gate.release();
    closer.join();
    assertThat(interrupted).containsExactly(true);
  }

  @Test
  void whatHangsOnAnAnswerMayWaitForAnother() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    try (var service = service(work, DEFAULTS)) {
      CompletableFuture<Integer> _ = occupy(service, work);
      List<CompletableFuture<Integer>> pair = submit(service, 1, 3);
      CompletableFuture<Integer> sum =
          pair.get(0)
              .thenApply(
                  one -> one + pair.get(1).join() + service.submit(FakeWork.image(4)).join());
      work.gate.release(100);
      assertThat(sum.join()).isEqualTo(7);
    }
  }

  @Test
  void observersAreToldOfEverythingAndHarmNothing() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    work.poison = image -> image == 3;
    Map<Outcome, Integer> outcomes = new ConcurrentHashMap<>();
    List<BatchReport> reports = new ArrayList<>();
    try (var service = service(work, DEFAULTS.withCapacity(3))) {
      service.observe(
          new ServiceObserver() {
            @Override
            public void requestDone(Outcome outcome) {
              throw new NoClassDefFoundError("a missing library");
            }
          });
      service.observe(
          new ServiceObserver() {
            @Override
            public void requestDone(Outcome outcome) {
              outcomes.merge(outcome, 1, Integer::sum);
            }

            @Override
            public void batchDone(BatchReport report) {
              reports.add(report);
            }
          });
      CompletableFuture<Integer> _ = occupy(service, work);
      CompletableFuture<Integer> _ = service.submit(new byte[0], "bad");
      List<CompletableFuture<Integer>> answers = submit(service, 1, 5); // 4 is refused
      answers.get(0).cancel(true);
      work.gate.release(100);
    }
    Map<Outcome, Integer> expected =
        Map.of(
            Outcome.ANSWERED, 2,
            Outcome.UNREADABLE, 1,
            Outcome.FAILED, 1,
            Outcome.ABANDONED, 1,
            Outcome.REFUSED, 1);
    await(() -> outcomes.equals(expected));
    assertThat(reports).extracting(BatchReport::images).containsExactly(1, 2, 1, 1);
    assertThat(reports)
        .extracting(report -> report.failure() != null)
        .containsExactly(false, true, false, true);
    assertThat(reports).allMatch(report -> report.maxBatch() == 2);
  }

  @Test
  void warmUpRunsEverySizeThatAModelPlans() {
    FakeWork work = new FakeWork(12);
    try (var service = service(work, DEFAULTS)) {
      service.warmUp();
    }
    assertThat(work.batches).extracting(List::size).containsExactly(1, 2, 4, 8, 12);
  }

  @Test
  void itsThreadHasItsNameAndIsADaemonAndEndsWithIt() throws Exception {
    FakeWork work = new FakeWork(2, 0);
    var service = service(work, DEFAULTS);
    CompletableFuture<String> answerThread =
        occupy(service, work).thenApply(zero -> Thread.currentThread().getName());
    Thread thread =
        Thread.getAllStackTraces().keySet().stream()
            .filter(one -> one.getName().equals(service.name()))
            .findFirst()
            .orElseThrow();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).matches("tornado-vit-batch-\\d+");
    work.gate.release();
    service.close();
    assertThat(thread.isAlive()).isFalse();
    assertThat(answerThread.join()).startsWith(service.name() + "-answer-");
  }

  @Test
  void itCannotBeClosedOnItsOwnThread() {
    FakeWork work = new FakeWork(2);
    List<Throwable> thrown = new ArrayList<>();
    try (var service = service(work, DEFAULTS)) {
      Runnable close = service::close;
      service.observe(
          new ServiceObserver() {
            @Override
            public void batchDone(BatchReport report) {
              try {
                close.run();
              } catch (IllegalStateException e) {
                thrown.add(e);
              }
            }
          });
      service.submit(FakeWork.image(1)).join();
    }
    assertThat(thrown).hasSize(1);
    assertThat(thrown.getFirst()).hasMessageContaining("closed on its own thread");
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxBatch(-1))
        .withMessage("maxBatch is -1, expected 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withCapacity(0))
        .withMessage("capacity is 0, expected 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withPreparers(-1))
        .withMessage("preparers is -1, expected 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxDelay(Duration.ofMillis(-1)))
        .withMessage("maxDelay is PT-0.001S, expected 0 to PT24H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxWait(Duration.ofDays(2)))
        .withMessage("maxWait is PT48H, expected 0 to PT24H");
  }
}
