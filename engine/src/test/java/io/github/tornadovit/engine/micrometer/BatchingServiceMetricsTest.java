package io.github.tornadovit.engine.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a registry shows of a service. */
@Timeout(60)
class BatchingServiceMetricsTest {
  private static final Path IMAGE = Path.of("../weights/demo/images/with_mask/9000003.jpg");

  @Test
  void everyMeterFollowsTheService() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(1);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options)) {
      var service = BatchingService.classifying(model, ServiceOptions.defaults());
      new BatchingServiceMetrics(service, Tags.of("model", "demo")).bindTo(registry);
      service.submit(IMAGE).join();
      service.submit(IMAGE).join();
      assertThat(service.submit(Path.of("missing.jpg"))).isCompletedExceptionally();
      service.close();
      assertThat(service.submit(IMAGE)).isCompletedExceptionally();
    }
    while (registry.get("tornadovit.images").tag("model", "demo").counter().count() < 2) {
      Thread.sleep(1); // A request is counted a moment after its future is completed.
    }
    assertThat(registry.get("tornadovit.images").counter().count()).isEqualTo(2);
    assertThat(errors(registry, "unreadable")).isEqualTo(1);
    assertThat(errors(registry, "refused")).isEqualTo(1);
    assertThat(errors(registry, "failed")).isZero();
    assertThat(errors(registry, "abandoned")).isZero();
    assertThat(registry.get("tornadovit.queue.depth").gauge().value()).isZero();
    assertThat(registry.get("tornadovit.queue.time").timer().count()).isEqualTo(2);
    assertThat(registry.get("tornadovit.batch.size").summary().totalAmount()).isEqualTo(2);
    assertThat(registry.get("tornadovit.batch.size").summary().count()).isEqualTo(2);
    assertThat(registry.get("tornadovit.forward.time").timer().count()).isEqualTo(2);
    assertThat(registry.get("tornadovit.forward.time").timer().totalTime(TimeUnit.NANOSECONDS))
        .isPositive();
  }

  private static double errors(SimpleMeterRegistry registry, String kind) {
    return registry.get("tornadovit.errors").tags("kind", kind, "model", "demo").counter().count();
  }
}
