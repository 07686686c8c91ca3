package io.github.tornadovit.weights.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoCheckpointTest {
  @ParameterizedTest
  @EnumSource
  void opens(DemoCheckpoint demo) {
    String config = demo.name().toLowerCase(Locale.ROOT) + "/config.json";
    assumeThat(DemoCheckpoint.class.getResource(config))
        .as("demo checkpoints are part of the build")
        .isNotNull();
    try (Checkpoint checkpoint = demo.open()) {
      assertThat(checkpoint.config().architecture().name()).isEqualToIgnoringCase(demo.name());
      assertThat(checkpoint.config().labels()).hasSize(2);
      assertThat(checkpoint.weights().heads()).hasSize(1);
    }
  }
}
