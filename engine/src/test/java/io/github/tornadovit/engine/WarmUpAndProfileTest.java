package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.BackendSelection;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model offers around its answers: warm-up, times, sources of kernels. */
class WarmUpAndProfileTest {
  private static final ModelOptions CPU = ModelOptions.defaults().withBackend(BackendChoice.CPU);

  static Stream<Named<ModelOptions>> backends() {
    return EveryBackend.fast();
  }

  private static VisionModel load(ModelOptions backend, int batch) {
    return VisionModel.load(Golden.path("models/vit-two-labels"), backend.withBatch(batch));
  }

  private static RgbImage image(VisionModel model) {
    return model.imageProcessor().read(Path.of("../weights/demo/images/with_mask/9000003.jpg"));
  }

  /** What a device holds for sets of stages that are asked for one after the other. */
  @SafeVarargs
  private static long held(Set<Stage>... asked) {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.TORNADO);
    try (VisionModel model = load(options, 1)) {
      Session session = model.session();
      Pixels pixels = model.imageProcessor().pixels(List.of(image(model)));
      long before = session.deviceBytes().orElseThrow();
      for (Set<Stage> stages : asked) {
        session.run(pixels, stages);
      }
      return session.deviceBytes().orElseThrow() - before;
    }
  }

  @Test
  void aDeviceHoldsTheWeightsOnceWhateverIsAskedFor() {
    Set<Stage> answers = Set.of(Stage.LOGITS);
    Set<Stage> map = Set.of(Stage.attention(1));
    Set<Stage> tokens = Set.of(Stage.LAST_HIDDEN);
    long ofAnswers = held(answers);
    long ofAnother = held(map) / 4; // Less than its weights.
    assertThat(held(answers, map)).isLessThan(ofAnswers + ofAnother);
    assertThat(held(map, answers)).isLessThan(ofAnswers + ofAnother);
    assertThat(held(map, answers, tokens, map)).isLessThan(ofAnswers + 2 * ofAnother);
    assertThat(held(map, tokens)).as("with what the map brought").isGreaterThan(held(tokens));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void warmUpChangesNoAnswer(ModelOptions backend) {
    try (VisionModel model = load(backend, 3);
        VisionModel cold = load(backend, 3)) {
      model.session().warmUp();
      List<String> told = new ArrayList<>();
      model
          .session()
          .warmUp((images, done, total) -> told.add(images + ": " + done + "/" + total), 3, 2);
      assertThat(told).containsExactly("2: 0/2", "3: 1/2", "3: 2/2");
      List<RgbImage> images = Collections.nCopies(4, image(model));
      assertThat(model.classify(images))
          .extracting(Classification::predictions)
          .isEqualTo(cold.classify(images).stream().map(Classification::predictions).toList());
      for (int wrong : new int[] {-1, 0, 4}) {
        assertThatThrownBy(() -> model.session().warmUp(wrong))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("batch is " + wrong + ", expected 1 to 3");
      }
    }
  }

  /** Times; the line of TornadoVM 6 takes none through CUDA, and the test ends there. */
  private static List<KernelTime> profile(VisionModel model) {
    try {
      return model.session().profile(2);
    } catch (BackendException failed) {
      assumeFalse(
          String.valueOf(failed.getMessage()).contains("measures no kernels"), failed.getMessage());
      throw failed;
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void profileHasAnEntryForEveryOperation(ModelOptions backend) {
    try (VisionModel model = load(backend, 2)) {
      List<KernelTime> times = profile(model);
      int layers = model.config().layers();
      assertThat(times).extracting(time -> time.task().section()).contains("embeddings", "head");
      assertThat(times).filteredOn(time -> time.task().section().equals("block 0")).hasSize(7);
      // And two in the last block, which take out the class token.
      assertThat(times)
          .filteredOn(time -> time.task().section().startsWith("block"))
          .hasSize(7 * layers + 2);
      assertThat(times).allSatisfy(time -> assertThat(time.nanos()).isPositive());
      assertThat(times).allSatisfy(time -> assertThat(time.task().bytes()).isPositive());
    }
  }

  @Test
  void aClosedModelSaysSo() {
    VisionModel model = load(CPU, 1);
    model.close();
    assertThatThrownBy(() -> model.session().profile(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> model.session().warmUp()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> model.session().maxBatch()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theHostHasNoKernelSources(@TempDir Path folder) {
    try (VisionModel model = load(CPU, 1)) {
      assertThatThrownBy(() -> model.session().writeKernelSources(folder, 1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("use backend tornado");
    }
  }

  @Test
  void afterAFailureOfItsDeviceAutoTakesTheCpuAndSaysWhy() {
    BackendSelection selection =
        Backends.afterFailure(1, new BackendException("tornado", "a kernel does not compile"));
    try (var backend = selection.backend()) {
      assertThat(backend.device().backend()).isEqualTo("cpu");
      assertThat(selection.reason()).startsWith("auto: ").contains("a kernel does not compile");
    }
  }
}
