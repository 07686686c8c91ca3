package io.github.tornadovit.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Preparation;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Order, batches, faults and end of the way from files to answers. */
@Timeout(60)
class ImagePipelineTest {
  private static final VisionModel MODEL =
      VisionModel.load(
          DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(3));
  private static final List<Integer> ITEMS = IntStream.range(0, 20).boxed().toList();

  private final List<List<Integer>> batches = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();

  @AfterAll
  static void close() {
    MODEL.close();
  }

  @AfterEach
  void everyThreadEnds() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("tornado-vit-images")) {
        thread.join();
      }
    }
  }

  /** An image that is a number: unreadable at 3 and 4, not wanted at 7 and 19. */
  private static Pixels pixels(int item) {
    if (item == 3 || item == 4) {
      throw new ImageException("image " + item, "is broken");
    }
    return Pixels.of(1, 1, 1, 1, new float[] {item});
  }

  private static final Preparation<Integer> SOME =
      item -> item == 7 || item == 19 ? null : pixels(item);

  private List<Integer> forward(Pixels pixels) {
    List<Integer> images = new ArrayList<>();
    for (float value : pixels.toArray()) {
      images.add((int) value);
    }
    batches.add(images);
    return images.stream().map(image -> image * 10).toList();
  }

  private void take(Outcome<Integer, Integer> outcome) {
    String result = outcome.result() == null ? "" : "=" + outcome.result();
    String problem = outcome.problem() == null ? "" : "! " + outcome.problem();
    outcomes.add(outcome.item() + result + problem);
  }

  @Test
  void outcomesComeInOrderAndBatchesAreFull() throws Exception {
    of(4).run(ITEMS, SOME, this::take);
    assertThat(batches)
        .containsExactly(
            List.of(0, 1, 2, 5),
            List.of(6, 8, 9, 10),
            List.of(11, 12, 13, 14),
            List.of(15, 16, 17, 18));
    assertThat(outcomes)
        .hasSize(ITEMS.size())
        .startsWith("0=0", "1=10", "2=20", "3! image 3: is broken", "4! image 4: is broken", "5=50")
        .endsWith("18=180", "19")
        .contains("7", "10=100");
  }

  private ImagePipeline<Integer> of(int batch) {
    return ImagePipeline.of(MODEL, batch, this::forward);
  }

  @Test
  void whatNeedsNoForwardPassIsHandedOverAtOnce() throws Exception {
    List<Integer> seen = new ArrayList<>();
    List<Integer> seenBefore = new ArrayList<>();
    ImagePipeline.of(
            MODEL,
            8,
            pixels -> {
              seenBefore.addAll(seen);
              return forward(pixels);
            })
        .run(ITEMS, item -> item < 15 ? null : pixels(item), outcome -> seen.add(outcome.item()));
    assertThat(seen).isEqualTo(ITEMS);
    assertThat(seenBefore).isEqualTo(ITEMS.subList(0, 15));
    assertThat(batches).hasSize(1);
  }

  @Test
  void imagesArePreparedWhileAForwardPassRuns() throws Exception {
    CountDownLatch later = new CountDownLatch(6);
    ImagePipeline.of(
            MODEL,
            2,
            pixels -> {
              await(later); // Of the images after these two, four are prepared meanwhile.
              return forward(pixels);
            })
        .run(
            ITEMS,
            item -> {
              later.countDown();
              return pixels(item % 3);
            },
            this::take);
    assertThat(outcomes).hasSize(ITEMS.size());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aSinkThatFailsEndsTheRun() {
    AtomicInteger prepared = new AtomicInteger();
    IOException brokenPipe = new IOException("Broken pipe");
    assertThatThrownBy(
            () ->
                of(2)
                    .run(
                        IntStream.range(0, 100_000).boxed().toList(),
                        item -> {
                          prepared.incrementAndGet();
                          return pixels(0);
                        },
                        outcome -> {
                          throw brokenPipe;
                        }))
        .isSameAs(brokenPipe);
    // Those of the first batch, and of the two that may wait.
    assertThat(prepared.get()).isBetween(2, 6);
    assertThat(batches).hasSize(1);
  }

  @Test
  void whatIsNoFaultOfAnImageEndsTheRun() {
    assertThatThrownBy(
            () ->
                of(2)
                    .run(
                        ITEMS,
                        item -> {
                          throw new IllegalStateException("a bug");
                        },
                        this::take))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
    assertThatThrownBy(() -> of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batch is 0, expected 1 or more");
  }

  @Test
  void filesGetTheAnswersThatTheyGetOneByOne() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of("../weights/demo/images/with_mask"))) {
      files = all.sorted().limit(7).toList();
    }
    List<Classification> answers = new ArrayList<>();
    ImagePipeline.classifying(MODEL)
        .run(files, outcome -> answers.add(Objects.requireNonNull(outcome.result())));
    Feature feature = Feature.of(Pooling.CLS);
    List<float[]> features = new ArrayList<>();
    ImagePipeline.embedding(MODEL, feature)
        .run(files, outcome -> features.add(Objects.requireNonNull(outcome.result())));
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      assertThat(answers.get(i).logits()).isEqualTo(MODEL.classify(file).logits());
      assertThat(features.get(i)).isEqualTo(MODEL.embed(file, Pooling.CLS));
    }
  }
}
