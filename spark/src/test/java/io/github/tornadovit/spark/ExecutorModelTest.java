package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.util.List;
import org.apache.spark.TaskKilledException;
import org.junit.jupiter.api.Test;

/** What becomes of a model that several tasks share, when one of them fails. */
class ExecutorModelTest {
  private static final Pixels PIXELS = Pixels.of(1, 1, 1, 1, new float[1]);

  private static ExecutorModel open() {
    return ExecutorModel.open(
        DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(1));
  }

  @Test
  void aTaskThatIsKilledLeavesTheModelToTheOthers() {
    ExecutorModel model = open();
    try {
      assertThatThrownBy(
              () ->
                  model.run(
                      PIXELS,
                      _ -> {
                        Thread.currentThread().interrupt();
                        throw new BackendException("tornado", "interrupted");
                      }))
          .isInstanceOf(TaskKilledException.class);
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      assertThat(model.isClosed()).isFalse();
      assertThat(model.run(PIXELS, _ -> List.of("an answer")).answers()).hasSize(1);
    } finally {
      model.close();
    }
  }

  @Test
  void oneThatFailsIsClosedSoThatTheNextTaskOpensItAnew() {
    ExecutorModel model = open();
    assertThatThrownBy(
            () ->
                model.run(
                    PIXELS,
                    _ -> {
                      throw new BackendException("tornado", "lost");
                    }))
        .isInstanceOf(BackendException.class);
    assertThat(model.isClosed()).isTrue();
  }
}
