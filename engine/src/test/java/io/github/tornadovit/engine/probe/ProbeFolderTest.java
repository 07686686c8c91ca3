package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.probe.TrainedProbe.Trial;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes in folders, good and bad. */
class ProbeFolderTest {
  @TempDir private Path folder;

  private void write(float deviation) throws IOException {
    FeatureSource source =
        new FeatureSource("m", "0", new Extent(8, 8), true, Precision.F32, Feature.of(Pooling.CLS));
    LinearProbe probe =
        new LinearProbe(
            "p",
            source,
            List.of("a", "b"),
            new Standardization(new float[] {1, 2}, new float[] {1, deviation}),
            new float[] {1, 2, 3, 4},
            new float[] {5, 6});
    Trial trial = new Trial(1, 1, 0, 1, true);
    new TrainedProbe(
            probe,
            ProbeOptions.defaults(),
            List.of(trial),
            trial,
            2,
            1,
            1,
            0,
            0,
            true,
            0,
            List.of())
        .save(folder);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    write(0.5f);
    assertThat(LinearProbe.load(folder).logits(new float[] {1, 3})).containsExactly(9, 14);
  }

  /** A feature divided by 0 would make every answer NaN. */
  @ParameterizedTest
  @ValueSource(floats = {0, -0f, -1})
  void refusesDeviationsThatNothingCanBeDividedBy(float deviation) throws IOException {
    write(deviation);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> LinearProbe.load(folder))
        .withMessageContaining("probe.safetensors: tensor 'std' holds " + deviation)
        .withMessageContaining("expected numbers above 0")
        .withMessageContaining("train the probe again");
  }
}
