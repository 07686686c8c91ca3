package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Options of a model, and what it says of the device that they lead to. */
class ModelOptionsTest {
  @Test
  void aDeviceIsKeptByEveryOtherOption() {
    ModelOptions options =
        ModelOptions.defaults()
            .withDevice("gpu")
            .withThreads(2)
            .withBatch(3)
            .withMaxPixels(4)
            .withApplyOrientation(false)
            .withImageSize(new Extent(5, 6))
            .withBackend(BackendChoice.TORNADO);
    assertThat(options)
        .isEqualTo(
            new ModelOptions(
                BackendChoice.TORNADO, "gpu", 2, 3, 4, false, new Extent(5, 6), Precision.F32));
    assertThat(options.withDevice(null).withBackend(BackendChoice.CPU).device()).isNull();
  }

  @Test
  void aDeviceOfTheHostIsRefused() {
    ModelOptions gpu = ModelOptions.defaults().withDevice("gpu");
    assertThatThrownBy(() -> gpu.withBackend(BackendChoice.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("device is 'gpu' and backend is cpu");
    ModelOptions reference = ModelOptions.defaults().withBackend(BackendChoice.REFERENCE);
    assertThatThrownBy(() -> reference.withDevice("0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend is reference");
    assertThatThrownBy(() -> gpu.withDevice("  "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("device is blank");
  }

  @Test
  void aModelLogsOnceWhatItRunsOnAndWhy() {
    Logger logger = Logger.getLogger(Session.class.getName());
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Level before = logger.getLevel();
    logger.setLevel(Level.ALL);
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try (VisionModel model =
        VisionModel.load(
            DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(BackendChoice.REFERENCE))) {
      assertThat(records).hasSize(1);
      assertThat(records.getFirst().getLevel()).isEqualTo(Level.FINE);
      assertThat(records.getFirst().getMessage())
          .endsWith(" runs on " + model.session().device() + ": " + model.session().reason());
      assertThat(model.session().reason()).isEqualTo("asked for by name");
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
      logger.setLevel(before);
    }
  }
}
