package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models in f16: by the reference everywhere, on devices that have tensor cores. */
class HalfModelTest {
  private static final Path DRAWING = Path.of("../weights/demo/images/with_mask/9000003.jpg");
  private static final ModelOptions REFERENCE =
      ModelOptions.defaults()
          .withBackend(BackendChoice.REFERENCE)
          .withPrecision(Precision.F16)
          .withBatch(1);

  @ParameterizedTest
  @EnumSource
  void answersNearlyAsFloat32(DemoCheckpoint demo) {
    try (VisionModel f16 = VisionModel.load(demo, REFERENCE);
        VisionModel f32 = VisionModel.load(demo, REFERENCE.withPrecision(Precision.F32))) {
      assertThat(difference(f16, f32)).isBetween(1e-6, 0.01);
      assertThat(f16.session().device().name()).startsWith("f16");
    }
  }

  /** One or the other, whatever device this is; the emulator has it. */
  @ParameterizedTest
  @ValueSource(strings = {"models/vit", "models/beit"})
  void runsWhereADeviceHasItAndIsRefusedElsewhere(String golden) {
    Path folder = Golden.path(golden);
    VisionModel loaded;
    try {
      loaded = VisionModel.load(folder, REFERENCE.withBackend(BackendChoice.TORNADO));
    } catch (BackendException refused) {
      assertThat(refused)
          .hasMessageContaining("f16 needs tensor cores, which device '")
          .hasMessageContaining("use precision f32");
      return;
    }
    try (VisionModel device = loaded;
        VisionModel oracle = VisionModel.load(folder, REFERENCE)) {
      assertThat(difference(device, oracle)).isLessThan(1e-3);
      assertThat(device.session().device().name()).startsWith("f16 on tensor cores: ");
    }
  }

  @Test
  void autoSaysWhatItNeedsAndTakesNothingElse() {
    assumeTrue(TornadoVm.ofThisJvm().isEmulated(), "an SDK is in use, whose device may have it");
    assertThatThrownBy(
            () -> VisionModel.load(DemoCheckpoint.VIT, REFERENCE.withBackend(BackendChoice.AUTO)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("f16 needs an NVIDIA device through TornadoVM")
        .hasMessageContaining("TORNADOVM_HOME");
    ModelOptions cpu = REFERENCE.withPrecision(Precision.F32).withBackend(BackendChoice.CPU);
    assertThatThrownBy(() -> cpu.withPrecision(Precision.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precision is f16, which the cpu does not have");
  }

  private static double difference(VisionModel one, VisionModel other) {
    float[] got = one.classify(DRAWING).logits();
    float[] expected = other.classify(DRAWING).logits();
    double worst = 0;
    for (int label = 0; label < got.length; label++) {
      worst = Math.max(worst, Math.abs(got[label] - expected[label]));
    }
    return worst;
  }
}
