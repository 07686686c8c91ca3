package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Evaluations of the demo checkpoints, against the Trainer of transformers. */
@Timeout(300)
class EvaluationTest {
  private static final Path IMAGES = Path.of("../weights/demo/images");

  private static VisionModel load(DemoCheckpoint demo, int batch) {
    return VisionModel.load(
        demo, ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(batch));
  }

  private static List<LabelledImage> some(VisionModel model, int count) throws IOException {
    return LabelledImages.spaced(LabelledImages.read(IMAGES, model.labels()).images(), count);
  }

  @ParameterizedTest
  @EnumSource
  void measuresWhatTheTrainerMeasures(DemoCheckpoint demo) throws Exception {
    JsonNode expected =
        Golden.json(Golden.path("evaluation/expected.json"))
            .get(demo.name().toLowerCase(Locale.ROOT));
    AtomicInteger done = new AtomicInteger();
    EvaluationResult result;
    try (VisionModel model = load(demo, 8)) {
      result =
          Evaluation.run(
              model, LabelledImages.read(IMAGES, model.labels()).images(), done::addAndGet);
    }
    assertThat(done).hasValue(100);
    TrainerMetrics trainer = result.trainer();
    assertThat(trainer.accuracy()).isEqualTo(expected.get("accuracy").asDouble());
    assertThat(trainer.loss()).isCloseTo(expected.get("loss").asDouble(), within(1e-5));
    assertThat(trainer.samples()).isEqualTo(100);
    assertThat(trainer.steps()).isEqualTo(13);
    assertThat(result.forward().latency().passes()).isEqualTo(12);
    int wrong = 0;
    for (int truth = 0; truth < 2; truth++) {
      for (int predicted = 0; predicted < 2; predicted++) {
        int count = expected.get("confusion").get(truth).get(predicted).asInt();
        assertThat(result.confusion().count(truth, predicted)).isEqualTo(count);
        wrong += truth == predicted ? 0 : count;
      }
    }
    assertThat(result.misclassified()).hasSize(wrong);
    for (Misclassified mistake : result.misclassified()) {
      assertThat(mistake.image().getParent()).hasFileName(mistake.label());
      assertThat(mistake.predicted().label()).isNotEqualTo(mistake.label());
      assertThat(mistake.predicted().score()).isBetween(0.5f, 1f);
    }
    assertThat(result.unreadable()).isEmpty();
    assertThat(result.classes()).extracting(ClassMetrics::support).containsExactly(50, 50);
  }

  @Test
  void anUnreadableImageInTheMiddleChangesNothingElse(@TempDir Path folder) throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "not a picture");
    try (VisionModel model = load(DemoCheckpoint.VIT, 4)) {
      List<LabelledImage> images = some(model, 10);
      EvaluationResult whole = Evaluation.run(model, images, done -> {});
      List<LabelledImage> mixed = new ArrayList<>(images);
      mixed.add(5, new LabelledImage(broken, 1));
      mixed.add(2, new LabelledImage(folder.resolve("missing.png"), 0));
      EvaluationResult result = Evaluation.run(model, mixed, done -> {});
      assertThat(result.unreadable())
          .extracting(Unreadable::label)
          .containsExactly("with_mask", "without_mask");
      assertThat(result.unreadable().get(0).reason()).contains("missing.png: does not exist");
      assertThat(result.unreadable().get(1).reason()).contains(broken.toString());
      assertThat(result.trainer().samples()).isEqualTo(10);
      assertThat(result.trainer().steps()).isEqualTo(3);
      assertThat(result.trainer().loss()).isEqualTo(whole.trainer().loss());
      assertThat(result.misclassified()).isEqualTo(whole.misclassified());
    }
  }

  @Test
  void noReadableImageIsAnError(@TempDir Path folder) {
    try (VisionModel model = load(DemoCheckpoint.VIT, 2)) {
      Path missing = folder.resolve("missing.png");
      assertThatThrownBy(
              () -> Evaluation.run(model, List.of(new LabelledImage(missing, 0)), done -> {}))
          .isInstanceOf(DataSetException.class)
          .hasMessageContaining("none of 1 images could be read; " + missing);
      assertThatThrownBy(() -> Evaluation.run(model, List.of(), done -> {}))
          .isInstanceOf(DataSetException.class);
    }
  }

  @Test
  void anInterruptEndsItBetweenBatches() throws Exception {
    try (VisionModel model = load(DemoCheckpoint.VIT, 2)) {
      List<LabelledImage> images = some(model, 20);
      AtomicInteger done = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  Evaluation.run(
                      model,
                      images,
                      more -> {
                        done.addAndGet(more);
                        Thread.currentThread().interrupt();
                      }))
          .isInstanceOf(InterruptedException.class);
      assertThat(done).hasValue(2);
      assertWorkersEnd();
    }
  }

  @Test
  void aModelThatIsClosedMeanwhileEndsIt() throws Exception {
    VisionModel model = load(DemoCheckpoint.VIT, 2);
    List<LabelledImage> images = some(model, 20);
    assertThatThrownBy(() -> Evaluation.run(model, images, done -> model.close()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertWorkersEnd();
  }

  @Test
  void aModelThatDoesNotChooseOneClassIsRefused() {
    for (String name : List.of("vit-model-pooler", "vit-single-logit", "vit-multi-label")) {
      try (VisionModel model = VisionModel.load(Golden.path("models/" + name))) {
        assertThatThrownBy(
                () ->
                    Evaluation.run(
                        model,
                        List.of(new LabelledImage(IMAGES.resolve("with_mask/9000003.jpg"), 0)),
                        done -> {}))
            .isInstanceOf(UnsupportedOperationException.class);
      }
    }
  }

  /**
   * Waits for the threads, which have no work any more; one that had would run into the timeout.
   */
  private static void assertWorkersEnd() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("tornado-vit-images")) {
        thread.join();
      }
    }
  }
}
