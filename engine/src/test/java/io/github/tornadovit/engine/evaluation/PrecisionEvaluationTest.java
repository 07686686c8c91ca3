package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.PrecisionChoice.Candidate;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation.Changed;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation.Entry;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What precisions do to the same images, against what each model says of them by itself. */
class PrecisionEvaluationTest {
  private static final Path IMAGES = Path.of("../weights/demo/images");
  private static final ModelOptions CPU = ModelOptions.defaults().withBackend(BackendChoice.CPU);

  @Test
  void theFiguresAreThoseOfTheModelsAlone() throws IOException, InterruptedException {
    // Another checkpoint as the second: most classes differ, and figures that are of one model
    // alone show.
    try (VisionModel vit = VisionModel.load(DemoCheckpoint.VIT, CPU.withBatch(3));
        VisionModel other =
            VisionModel.load(DemoCheckpoint.BEIT, CPU.withPrecision(Precision.INT8).withBatch(5))) {
      List<LabelledImage> images =
          new ArrayList<>(
              LabelledImages.spaced(LabelledImages.read(IMAGES, vit.labels()).images(), 40));
      images.add(7, new LabelledImage(Path.of("none.jpg"), 0));
      List<Integer> told = new ArrayList<>();
      PrecisionEvaluation result =
          Evaluation.comparePrecisions(List.of(vit, other), images, told::add);
      assertThat(told).hasSize(41);
      assertThat(result.images()).isEqualTo(40);
      assertThat(result.unreadable()).singleElement().asString().contains("none.jpg");
      images.remove(7);
      double worst = 0;
      double sum = 0;
      int same = 0;
      int rightVit = 0;
      int rightOther = 0;
      double lossOther = 0;
      for (LabelledImage image : images) {
        Classification exact = vit.classify(image.file());
        Classification coarse = classifyAlone(vit, other, image.file());
        for (int k = 0; k < 2; k++) {
          double difference = Math.abs((double) exact.logits()[k] - coarse.logits()[k]);
          worst = Math.max(worst, difference);
          sum += difference;
        }
        same += exact.top().id() == coarse.top().id() ? 1 : 0;
        rightVit += exact.top().id() == image.label() ? 1 : 0;
        rightOther += coarse.top().id() == image.label() ? 1 : 0;
        lossOther += CrossEntropy.of(coarse.logits(), image.label());
      }
      assertThat(result.precisions())
          .extracting(Entry::precision)
          .containsExactly(Precision.F32, Precision.INT8);
      Entry f32 = result.precisions().getFirst();
      Entry int8 = result.precisions().getLast();
      assertThat(f32.agreement()).isEqualTo(new Agreement(0, 0, 40, 40));
      assertThat(f32.accuracy()).isEqualTo(rightVit / 40.0);
      assertThat(int8.accuracy()).isEqualTo(rightOther / 40.0);
      assertThat(int8.loss()).isCloseTo(lossOther / 40, within(1e-6));
      assertThat(int8.agreement().sameTop()).isEqualTo(same);
      assertThat(int8.agreement().worstDifference()).isCloseTo(worst, within(1e-6)).isPositive();
      assertThat(int8.agreement().meanDifference()).isCloseTo(sum / 80, within(1e-6));
      assertThat(result.changed())
          .hasSize(40 - same)
          .allMatch(changed -> changed.precision() == Precision.INT8)
          .allMatch(changed -> !changed.expected().equals(changed.predicted()))
          .extracting(Changed::image)
          .doesNotHaveDuplicates();
      assertThat(f32.memory().bytes()).isGreaterThan(int8.memory().weightBytes());
      assertThat(f32.memory().codedBytes()).isZero();
      assertThat(int8.memory().codedBytes()).isPositive().isLessThan(int8.memory().bytes());
      assertThat(int8.device().name()).startsWith("int8: ");
    }
  }

  /** Of the pixels that the first model makes: the comparison decodes once. */
  private static Classification classifyAlone(VisionModel first, VisionModel other, Path image) {
    return other.classify(first.imageProcessor().pixels(image)).getFirst();
  }

  @Test
  void theFirstIsInFloat32() {
    try (VisionModel int8 =
        VisionModel.load(DemoCheckpoint.VIT, CPU.withPrecision(Precision.INT8))) {
      assertThatThrownBy(() -> Evaluation.comparePrecisions(List.of(int8), List.of(), done -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the first model is in int8, expected f32, which the others are compared with");
    }
  }

  private static Candidate candidate(Precision precision, double speed, int sameTop) {
    return new Candidate(precision.label(), precision, speed, new Agreement(1, 1, sameTop, 1000));
  }

  @Test
  void theFastestOfThoseThatAgreeIsTaken() {
    Candidate f32 = candidate(Precision.F32, 10, 0); // Float32 is taken whatever is said of it.
    Candidate int8 = candidate(Precision.INT8, 15, 990);
    PrecisionChoice near = PrecisionChoice.of(List.of(f32, int8), 0.01);
    assertThat(near.taken()).isEqualTo(int8);
    assertThat(near.sentences())
        .containsExactly(
            "Take int8: 15.00 images/s, and 1.00 % of 1000 images get another class than in f32.",
            "Not f32: it is slower: 10.00 images/s, int8 15.00.");
    PrecisionChoice far = PrecisionChoice.of(List.of(f32, int8), 0.0099);
    assertThat(far.taken()).isEqualTo(f32);
    assertThat(far.refused().getFirst().reason())
        .isEqualTo("1.00 % of 1000 images get another class than in f32, more than 0.99 %");
    Candidate slow = candidate(Precision.INT8, 9, 1000);
    assertThat(PrecisionChoice.of(List.of(f32, slow), 1).taken()).isEqualTo(f32);
    assertThat(PrecisionChoice.of(List.of(int8), 0).taken()).isNull();
    assertThatThrownBy(() -> PrecisionChoice.of(List.of(f32), Double.NaN))
        .hasMessageContaining("NaN, expected a part of the images from 0 to 1");
  }

  @Test
  void agreementsAddUp() {
    float[] expected = {1, 2, 3, 4};
    float[] actual = {1.5f, 2, 4.5f, 4};
    Agreement whole = Agreement.of(expected, actual, 2);
    assertThat(whole).isEqualTo(new Agreement(1.5, 0.5, 1, 2));
    Agreement first = Agreement.of(new float[] {1, 2}, new float[] {1.5f, 2}, 1);
    Agreement second = Agreement.of(new float[] {3, 4}, new float[] {4.5f, 4}, 1);
    assertThat(Agreement.NONE.plus(first).plus(second)).isEqualTo(whole);
    assertThat(whole.disagreement()).isEqualTo(0.5);
    Agreement broken = Agreement.of(new float[] {1, 2}, new float[] {Float.NaN, 2}, 1);
    assertThat(broken.plus(first).worstDifference()).isNaN();
    assertThat(first.plus(broken).meanDifference()).isNaN();
  }
}
