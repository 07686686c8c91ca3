package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole models in bf16: by the reference everywhere, on the CPU where the processor has it. */
class Bf16ModelTest {
  private static final Path DRAWING = Path.of("../weights/demo/images/with_mask/9000003.jpg");
  private static final ModelOptions BF16 =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withPrecision(Precision.BF16);

  @ParameterizedTest
  @EnumSource
  void answersNearlyAsFloat32(DemoCheckpoint demo) {
    ModelOptions reference = BF16.withBackend(BackendChoice.REFERENCE);
    try (VisionModel bf16 = VisionModel.load(demo, reference);
        VisionModel f32 = VisionModel.load(demo, reference.withPrecision(Precision.F32))) {
      float[] got = bf16.classify(DRAWING).logits();
      float[] exact = f32.classify(DRAWING).logits();
      double worst = 0;
      for (int label = 0; label < got.length; label++) {
        worst = Math.max(worst, Math.abs(got[label] - exact[label]));
      }
      assertThat(worst).isBetween(1e-5, 0.1);
      assertThat(bf16.session().device().name()).startsWith("bf16");
    }
  }

  /** One or the other, whatever machine this is. */
  @Test
  void runsWhereTheProcessorHasItAndIsRefusedElsewhere() {
    VisionModel loaded;
    try {
      loaded = VisionModel.load(DemoCheckpoint.VIT, BF16);
    } catch (BackendException refused) {
      assertThat(refused)
          .hasMessageContaining("bf16 needs machine code and AVX512-BF16, and here runs")
          .hasMessageContaining("int8 runs here on");
      ModelOptions automatic = BF16.withBackend(BackendChoice.AUTO);
      assertThatThrownBy(() -> VisionModel.load(DemoCheckpoint.VIT, automatic))
          .isInstanceOf(BackendException.class);
      return;
    }
    try (VisionModel cpu = loaded;
        VisionModel oracle =
            VisionModel.load(DemoCheckpoint.VIT, BF16.withBackend(BackendChoice.REFERENCE))) {
      float[] got = cpu.classify(DRAWING).logits();
      float[] expected = oracle.classify(DRAWING).logits();
      for (int label = 0; label < got.length; label++) {
        assertThat(Math.abs(got[label] - expected[label])).isLessThan(0.02f);
      }
    }
  }
}
