package io.github.tornadovit.weights.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreprocessorConfigTest {
  private static final Extent LARGER = new Extent(384, 384);

  private static PreprocessorConfig config(@Nullable Resize resize, @Nullable Extent crop) {
    return new PreprocessorConfig(
        resize, crop == null ? null : new CenterCrop(crop), null, null, List.of());
  }

  private static Resize square(int side) {
    return new Resize(new ResizeTarget.Exact(new Extent(side, side)), Resampling.BICUBIC);
  }

  private static Resize edge(int shortest) {
    return new Resize(new ResizeTarget.ShortestEdge(shortest), Resampling.BICUBIC);
  }

  @Test
  void aResizeBecomesTheSize() {
    PreprocessorConfig larger = config(square(224), null).endingAt(new Extent(96, 128));
    assertThat(larger.end()).isEqualTo(new Extent(96, 128));
    assertThat(larger.resize())
        .isEqualTo(new Resize(new ResizeTarget.Exact(new Extent(96, 128)), Resampling.BICUBIC));
  }

  @Test
  void aResizeBeforeACropKeepsItsProportion() {
    Extent crop = new Extent(224, 224);
    PreprocessorConfig exact = config(square(256), crop).endingAt(LARGER);
    assertThat(exact.centerCrop()).isEqualTo(new CenterCrop(LARGER));
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

  @Test
  void aRuleGivesTheStepsOfAnotherSize() {
    Normalize mean = new Normalize(List.of(0.1, 0.5, 2.0), List.of(1.0, 1.0, 1.0));
    TimmTransform transform =
        new TimmTransform(0.9, TimmTransform.CropMode.CENTER, Resampling.BICUBIC, mean);
    PreprocessorConfig config = transform.endingAt(new Extent(224, 224), List.of("a note"));
    assertThat(config.resize()).isEqualTo(edge(248));
    PreprocessorConfig larger = config.endingAt(LARGER);
    // 384 / 0.9, where the proportion of 248 to 224 would give 425.
    assertThat(larger.resize()).isEqualTo(edge(426));
    assertThat(larger.end()).isEqualTo(LARGER);
    assertThat(larger.notes()).containsExactly("a note");
    assertThat(config.endingAt(new Extent(90, 180)).steps())
        .startsWith("resize to cover 100x200, BILINEAR", "centre crop 90x180");
    TimmTransform bordered =
        new TimmTransform(1, TimmTransform.CropMode.BORDER, Resampling.BICUBIC, mean);
    assertThat(bordered.endingAt(LARGER, List.of()).steps())
        .startsWith(
            "resize to fit into 384x384, BICUBIC",
            "centre crop 384x384, border of levels [26, 128, 255]");
  }
}
