package io.github.tornadovit.weights.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreprocessorConfigTest {
  private static final Extent LARGER = new Extent(384, 384);

  private static PreprocessorConfig config(@Nullable Resize resize, @Nullable Extent crop) {
    return new PreprocessorConfig(resize, crop, null, null, List.of());
  }

  private static Resize square(int side) {
    return new Resize(new Extent(side, side), 0, 0, Resampling.BICUBIC);
  }

  private static Resize edge(int shortest) {
    return new Resize(null, shortest, 0, Resampling.BICUBIC);
  }

  @Test
  void aResizeBecomesTheSize() {
    PreprocessorConfig larger = config(square(224), null).endingAt(new Extent(96, 128));
    assertThat(larger.end()).isEqualTo(new Extent(96, 128));
    assertThat(larger.resize())
        .isEqualTo(new Resize(new Extent(96, 128), 0, 0, Resampling.BICUBIC));
  }

  @Test
  void aResizeBeforeACropKeepsItsProportion() {
    Extent crop = new Extent(224, 224);
    PreprocessorConfig exact = config(square(256), crop).endingAt(LARGER);
    assertThat(exact.centerCrop()).isEqualTo(LARGER);
    assertThat(exact.resize()).isEqualTo(square(438));
    assertThat(config(edge(256), crop).endingAt(LARGER).resize()).isEqualTo(edge(438));
  }

  @Test
  void withoutAResizeOnlyTheCropChanges() {
    PreprocessorConfig cropped = config(null, new Extent(8, 8)).endingAt(LARGER);
    assertThat(cropped.resize()).isNull();
    assertThat(cropped.end()).isEqualTo(LARGER);
    assertThat(config(null, null).endingAt(LARGER).end()).isNull();
  }

  @Test
  void aShortestEdgeAloneEndsWhereTheImageDecides() {
    assertThat(config(edge(224), null).end()).isNull();
    assertThat(config(edge(224), null).endingAt(LARGER).resize()).isEqualTo(edge(224));
  }
}
