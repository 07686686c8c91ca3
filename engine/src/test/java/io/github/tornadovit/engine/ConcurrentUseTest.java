package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One model in many threads, many models at once, and a model closed under its users. The answers
 * are those of one thread, bit for bit: how images are put into batches and how many threads work
 * must not show.
 */
class ConcurrentUseTest {
  private static final int CALLERS = 8;

  /** Repeats everything so often: {@code -Dtornadovit.soak=N} for a long run. */
  private static final int SOAK = Integer.getInteger("tornadovit.soak", 1);

  private static final ModelOptions OPTIONS =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(4);

  private static VisionModel open(ModelOptions options) {
    return VisionModel.load(DemoCheckpoint.VIT, options);
  }

  private static List<RgbImage> images(VisionModel model) {
    try (Stream<Path> files = Files.list(Path.of("../weights/demo/images/with_mask"))) {
      return files.sorted().limit(10).map(model.imageProcessor()::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<float[]> logits(VisionModel model, List<RgbImage> images) {
    return model.classify(images).stream().map(Classification::logits).toList();
  }

  /** What one thread computes, image by image. */
  private static List<float[]> expected(List<RgbImage> images) {
    try (VisionModel model = open(OPTIONS.withThreads(1).withBatch(1))) {
      return logits(model, images);
    }
  }

  private static List<RgbImage> images() {
    try (VisionModel model = open(OPTIONS)) {
      return images(model);
    }
  }

  /** Runs the task in so many threads at once and throws what one of them threw. */
  private static void inThreads(int threads, IndexedTask task) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        running.add(
            executor.submit(
                () -> {
                  task.run(index);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private interface IndexedTask {
    void run(int index) throws Exception;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void threadsAndBatchesDoNotChangeABit(int threads) {
    List<RgbImage> images = images();
    List<float[]> expected = expected(images);
    for (int batch : new int[] {1, 3, 10}) {
      try (VisionModel model = open(OPTIONS.withThreads(threads).withBatch(batch))) {
        for (int run = 0; run < 3; run++) {
          assertThat(logits(model, images))
              .as("batch %d, run %d", batch, run)
              .usingElementComparator(ConcurrentUseTest::bits)
              .containsExactlyElementsOf(expected);
        }
      }
    }
  }

  @Test
  void callersOfOneModelGetTheAnswersOfOneThread() throws Exception {
    List<RgbImage> images = images();
    List<float[]> expected = expected(images);
    AtomicInteger answers = new AtomicInteger();
    try (VisionModel model = open(OPTIONS)) {
      inThreads(
          CALLERS,
          caller -> {
            Random random = new Random(caller);
            for (int call = 0; call < 20 * SOAK; call++) {
              int first = random.nextInt(images.size());
              int end = first + 1 + random.nextInt(images.size() - first);
              assertThat(logits(model, images.subList(first, end)))
                  .usingElementComparator(ConcurrentUseTest::bits)
                  .containsExactlyElementsOf(expected.subList(first, end));
              answers.addAndGet(end - first);
            }
          });
    }
    assertThat(answers.get()).isGreaterThan(20 * SOAK * CALLERS);
  }

  @Test
  void modelsLoadedAndClosedAtOnceDoNotTouchEachOther() throws Exception {
    List<RgbImage> images = images();
    List<float[]> expected = expected(images);
    inThreads(
        4,
        caller -> {
          for (int cycle = 0; cycle < 5 * SOAK; cycle++) {
            try (VisionModel model = open(OPTIONS.withThreads(1 + caller % 2))) {
              assertThat(logits(model, images))
                  .usingElementComparator(ConcurrentUseTest::bits)
                  .containsExactlyElementsOf(expected);
            }
          }
        });
  }

  @Test
  @SuppressWarnings("try") // One of the users closes it, which is the point.
  void closingUnderItsUsersEndsEveryCallWithAnAnswerOrAnError() throws Exception {
    List<RgbImage> images = images();
    List<float[]> expected = expected(images);
    for (int repetition = 0; repetition < 3 * SOAK; repetition++) {
      AtomicInteger closed = new AtomicInteger();
      try (VisionModel model = open(OPTIONS)) {
        inThreads(
            CALLERS,
            caller -> {
              try {
                for (int call = 0; caller > 0 || call < 3; call++) {
                  assertThat(logits(model, images))
                      .usingElementComparator(ConcurrentUseTest::bits)
                      .containsExactlyElementsOf(expected);
                }
                model.close();
              } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("closed");
                closed.incrementAndGet();
              }
            });
      }
      assertThat(closed.get()).isGreaterThanOrEqualTo(CALLERS - 1);
    }
  }

  @Test
  void aClosedModelRefusesWorkAndClosesAgain() {
    VisionModel model = open(OPTIONS);
    RgbImage image = images(model).getFirst();
    model.close();
    model.close();
    List<ThrowingCallable> calls =
        List.of(
            () -> model.classify(List.of(image)),
            () -> model.embed(List.of(image), Feature.of(Pooling.CLS)),
            () -> model.session().warmUp(),
            () -> model.session().profile(1),
            () -> model.session().maxBatch());
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
    }
    assertThatCode(model::labels).doesNotThrowAnyException();
  }

  @Test
  void anInterruptIsKeptAndSpoilsNothing() {
    List<RgbImage> images = images();
    List<float[]> expected = expected(images);
    try (VisionModel model = open(OPTIONS)) {
      Thread.currentThread().interrupt();
      List<float[]> logits = logits(model, images);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(logits)
          .usingElementComparator(ConcurrentUseTest::bits)
          .containsExactlyElementsOf(expected);
    }
  }

  private static int bits(float[] one, float[] other) {
    return Arrays.equals(one, other) ? 0 : 1;
  }
}
