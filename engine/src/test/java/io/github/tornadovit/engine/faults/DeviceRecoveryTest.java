package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that fails while a model is in use, in silence: the model opens it anew, once. */
class DeviceRecoveryTest {
  private static final String FAULT = "tornadovit.emulator.fault";

  private static final List<RgbImage> IMAGES =
      IntStream.range(0, 3)
          .mapToObj(
              i ->
                  RgbImage.of(2, 2, new byte[] {0, 9, 99, 0, 0, (byte) (40 * i), 1, 2, 3, 4, 5, 6}))
          .toList();

  @BeforeEach
  void theDeviceIsWell() {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(), "a real device does not fail when it is told to");
    System.clearProperty(FAULT);
  }

  @AfterEach
  void repair() {
    System.clearProperty(FAULT);
  }

  private static VisionModel load(BackendChoice backend) {
    return VisionModel.load(
        Golden.path("models/vit-two-labels"),
        ModelOptions.defaults().withBackend(backend).withBatch(1));
  }

  private static List<Classification> expected() {
    try (VisionModel cpu = load(BackendChoice.CPU)) {
      return cpu.classify(IMAGES);
    }
  }

  private static Classification first(VisionModel model) {
    return model.classify(IMAGES.subList(0, 1)).getFirst();
  }

  private static void assertSame(Classification got, Classification expected) {
    assertThat(got.logits()).hasSameSizeAs(expected.logits());
    for (int i = 0; i < expected.logits().length; i++) {
      assertThat(got.logits()[i]).isCloseTo(expected.logits()[i], within(1e-4f));
    }
  }

  /** The request whose pass failed is answered all the same, and so are those after it. */
  @ParameterizedTest
  @ValueSource(strings = {"launch 9", "copy_in 1", "copy_out 2"})
  void aServiceAnswersAllWhenItsDeviceFailsOnce(String fault) {
    List<Classification> expected = expected();
    try (VisionModel model = load(BackendChoice.TORNADO);
        BatchingService<Classification> service =
            BatchingService.classifying(model, ServiceOptions.defaults())) {
      assertSame(service.submit(IMAGES.getFirst()).join(), expected.getFirst());
      System.setProperty(FAULT, fault);
      List<CompletableFuture<Classification>> answers =
          IMAGES.stream().map(service::submit).toList();
      for (int i = 0; i < IMAGES.size(); i++) {
        assertSame(answers.get(i).join(), expected.get(i));
      }
      assertThat(System.getProperty(FAULT)).as("%s was reached", fault).isNull();
      assertThat(model.session().device().backend()).isEqualTo("tornado");
    }
  }

  @Test
  void aServiceGivesUpADeviceThatIsLostAndSaysWhyToEveryRequest() {
    try (VisionModel model = load(BackendChoice.TORNADO)) {
      try (BatchingService<Classification> service =
          BatchingService.classifying(model, ServiceOptions.defaults())) {
        service.warmUp();
        System.setProperty(FAULT, "lost 1");
        assertThat(IMAGES.stream().map(service::submit).toList())
            .allSatisfy(
                answer ->
                    assertThatThrownBy(answer::join)
                        .hasCauseInstanceOf(BackendException.class)
                        .hasMessageContaining("failed"));
      }
      System.clearProperty(FAULT);
      assertThatThrownBy(() -> model.classify(IMAGES))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("is given up")
          .hasMessageContaining("; last: backend 'tornado': ");
    }
    try (VisionModel again = load(BackendChoice.TORNADO)) {
      assertSame(again.classify(IMAGES).getFirst(), expected().getFirst());
    }
  }

  /** Who calls the model is told, and may call again as often as the device comes back. */
  @Test
  void thePassAfterOneThatFailedOpensTheDeviceAnew() {
    List<Classification> expected = expected();
    try (VisionModel model = load(BackendChoice.TORNADO)) {
      assertSame(first(model), expected.getFirst());
      for (int times = 0; times < 2; times++) {
        System.setProperty(FAULT, "launch 9");
        assertThatThrownBy(() -> first(model))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("did not run")
            .hasMessageContaining("try again");
        assertSame(first(model), expected.getFirst());
      }
    }
  }

  /** What is asked for beside and cannot be had does not cost the answers. */
  @Test
  void aMapThatCannotBeBuiltLeavesTheClasses() {
    try (VisionModel model = load(BackendChoice.TORNADO)) {
      Classification before = first(model);
      Pixels pixels = model.imageProcessor().pixels(IMAGES.subList(0, 1));
      for (int i = 0; i < 3; i++) {
        System.setProperty(FAULT, "allocate 1");
        assertThatThrownBy(() -> model.attention().layers(pixels, 0))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("failed: ");
      }
      assertSame(first(model), before);
      assertThat(model.attention().layers(pixels, 0)).hasSize(1);
    }
  }
}
