package io.github.tornadovit.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.bench.BenchResult.Measurement;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.bench.BenchResult.Target;
import io.github.tornadovit.engine.evaluation.Agreement;
import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.engine.evaluation.PrecisionChoice;
import io.github.tornadovit.engine.evaluation.PrecisionChoice.Candidate;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Benchmarks of a tiny checkpoint, on a clock that counts how often it is looked at. */
@Timeout(300)
class BenchTest {
  private static final BenchOptions OPTIONS =
      BenchOptions.defaults()
          .withBackends(List.of(BackendChoice.CPU, BackendChoice.REFERENCE))
          .withBatches(List.of(2, 1, 2))
          .withSeconds(1)
          .withThreads(2);

  private static VisionModel load(ModelOptions options) {
    return VisionModel.load(Golden.path("models/vit-two-labels"), options);
  }

  private static BenchResult run(BenchOptions options, long nanosPerLook)
      throws InterruptedException {
    AtomicLong now = new AtomicLong();
    return new Bench(BenchTest::load, options, () -> now.addAndGet(nanosPerLook)).run();
  }

  @Test
  void measuresEveryBackendAndBatch() throws InterruptedException {
    BenchResult result = run(OPTIONS, 10_000_000);
    assertThat(result.measurements())
        .extracting(measured -> measured.target().arguments() + " " + measured.batch())
        .containsExactly(
            "--backend cpu 1", "--backend cpu 2", "--backend reference 1", "--backend reference 2");
    assertThat(result.targets())
        .extracting(target -> target.device().backend())
        .containsExactly("cpu", "reference");
    for (Measurement measured : result.measurements()) {
      assertThat(measured.imagesPerSecond()).isEqualTo(measured.batch() * 100.0);
      assertThat(measured.latency().p95Millis()).isEqualTo(10);
      assertThat(measured.latency().passes()).isGreaterThanOrEqualTo(10);
    }
    assertThat(result.skipped()).isEmpty();
    assertThat(result.logitDifference()).isBetween(0.0, Agreement.TOLERANCE);
  }

  @Test
  void tornadoThatIsNamedRunsOnEveryDeviceOrTheEmulator() throws InterruptedException {
    List<BackendChoice> both = List.of(BackendChoice.CPU, BackendChoice.TORNADO);
    BenchResult result = run(OPTIONS.withBackends(both), 20_000_000);
    assertThat(result.targets())
        .extracting(target -> target.device().backend())
        .startsWith("cpu", "tornado");
    assertThat(result.logitDifference()).isBetween(0.0, Agreement.TOLERANCE);
  }

  @Test
  void theReferenceIsMeasuredOnlyIfNamed() {
    assertThat(BenchOptions.defaults().backends()).isEmpty();
    List<Skipped> skipped = new ArrayList<>();
    assertThat(Targets.of(BenchOptions.defaults(), Backends.overview(), skipped))
        .extracting(ModelOptions::backend)
        .startsWith(BackendChoice.CPU)
        .doesNotContain(BackendChoice.REFERENCE, BackendChoice.AUTO);
  }

  @Test
  void aBatchWithoutTimeIsSkippedWithTheReason() throws InterruptedException {
    // A pass takes 20 ms, whatever the batch: from one image 16 x 20 ms are estimated for 16.
    BenchOptions options =
        OPTIONS.withBackends(List.of(BackendChoice.CPU)).withBatches(List.of(1, 16));
    BenchResult result = run(options, 20_000_000);
    assertThat(result.measurements()).extracting(Measurement::batch).containsExactly(1);
    assertThat(result.skipped())
        .singleElement()
        .extracting(Skipped::what)
        .asString()
        .contains("16");
    assertThat(result.skipped().getFirst().reason())
        .isEqualTo(
            "3 passes would take about 1.0 s, its share of 1 s is 0.5 s; give it more seconds");
    assertThatThrownBy(() -> run(options, 1_000_000_000))
        .isInstanceOf(BenchException.class)
        .hasMessageStartingWith("nothing was measured; --backend cpu --batch 1: 3 passes");
  }

  @Test
  void precisionsAreMeasuredSideBySideWhereTheyRun() throws InterruptedException {
    BenchOptions both = OPTIONS.withPrecisions(List.of(Precision.F32, Precision.INT8));
    BenchResult result = run(both.withBatches(List.of(1)), 10_000_000);
    assertThat(result.measurements())
        .extracting(measured -> measured.target().arguments())
        .containsExactly("--backend cpu", "--backend cpu --precision int8", "--backend reference");
    assertThat(result.skipped())
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .contains("reference", "int8 is measured on the cpu");
    BenchOptions none =
        OPTIONS
            .withBackends(List.of(BackendChoice.REFERENCE))
            .withPrecisions(List.of(Precision.INT8));
    assertThatThrownBy(() -> run(none, 1))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("nothing was measured")
        .hasMessageContaining("int8 is measured on the cpu");
  }

  @Test
  void nothingIsMeasuredIfLogitsDiffer() {
    List<VisionModel> loaded = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Bench.run(
                    options -> {
                      String name =
                          options.backend() == BackendChoice.CPU ? "vit" : "vit-large-eps";
                      VisionModel model =
                          VisionModel.load(
                              Golden.path("models/" + name), options.withImageSize(28));
                      loaded.add(model);
                      return model;
                    },
                    OPTIONS))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("logits differ")
        .hasMessageContaining("--backend cpu --batch 1")
        .hasMessageContaining("--backend reference --batch 1");
    // All of them are closed.
    assertThat(loaded)
        .hasSize(2)
        .allSatisfy(
            model ->
                assertThatThrownBy(() -> model.session().maxBatch())
                    .isInstanceOf(IllegalStateException.class));
  }

  private static Target target(String backend, Precision precision) {
    return new Target(
        new DeviceInfo(backend, "two threads"),
        precision,
        "--backend " + backend + " --precision " + precision.label(),
        new MemoryEstimate(1, 1, 0, 1));
  }

  @Test
  void answersAreComparedOnImagesInEveryPrecision() throws InterruptedException {
    List<Path> drawings =
        Stream.of("with_mask/9000003.jpg", "none.jpg", "without_mask/9000000.jpg")
            .map(name -> Path.of("../weights/demo/images", name))
            .toList();
    BenchOptions options =
        OPTIONS
            .withBackends(List.of(BackendChoice.CPU))
            .withBatches(List.of(1))
            .withPrecisions(List.of(Precision.INT8));
    BenchResult result = run(options.withImages(drawings), 10_000_000);
    assertThat(result.targets())
        .extracting(Target::precision)
        .containsExactly(
            Precision.F32, Precision.INT8); // To compare with, f32 is measured as well.
    Agreement same = result.agreements().get(result.targets().getFirst());
    assertThat(same).isEqualTo(new Agreement(0, 0, 2, 2));
    Agreement near = Objects.requireNonNull(result.agreements().get(result.targets().getLast()));
    assertThat(near.images()).isEqualTo(2);
    assertThat(near.worstDifference()).isGreaterThan(near.meanDifference()).isLessThan(0.5);
    assertThat(near.meanDifference()).isPositive();
    assertThat(result.unreadable()).singleElement().asString().contains("none.jpg");
    assertThat(result.targets().getLast().memory().bytes())
        .isLessThan(result.targets().getFirst().memory().bytes());
    assertThatThrownBy(() -> run(options, 10_000_000).choice(1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no images were compared");
  }

  @Test
  void aFasterPrecisionIsTakenOnlyIfItAgrees() {
    Target f32 = target("cpu", Precision.F32);
    Target int8 = target("cpu", Precision.INT8);
    BenchResult result =
        new BenchResult(
            List.of(
                new Measurement(f32, 1, 100, new Latency(9, 10, 11, 12)),
                new Measurement(int8, 1, 150, new Latency(9, 7, 8, 9))),
            List.of(),
            0,
            Map.of(f32, new Agreement(0, 0, 200, 200), int8, new Agreement(0.1, 0.01, 197, 200)),
            List.of());
    PrecisionChoice strict = result.choice(1000, 0.01);
    assertThat(strict.taken()).extracting(Candidate::precision).isEqualTo(Precision.F32);
    assertThat(strict.sentences())
        .containsExactly(
            "Take --backend cpu --precision f32 --batch 1: 100.00 images/s.",
            "Not --backend cpu --precision int8 --batch 1: 1.50 % of 200 images get another class than in"
                + " f32, more than 1.00 %.");
    assertThat(result.choice(1000, 0.015).taken())
        .extracting(Candidate::precision)
        .isEqualTo(Precision.INT8);
    assertThat(result.choice(9, 0).taken()).isNull(); // Within 9 ms there is int8 alone.
  }

  @Test
  void theBestIsTheFastestWithinTheLimit() {
    Target cpu = target("cpu", Precision.F32);
    Target gpu = target("tornado", Precision.F32);
    Measurement small = new Measurement(cpu, 1, 100, new Latency(9, 10, 11, 12));
    Measurement large = new Measurement(cpu, 8, 160, new Latency(9, 50, 55, 60));
    Measurement fast = new Measurement(gpu, 8, 800, new Latency(9, 10, 20, 21));
    BenchResult result =
        new BenchResult(List.of(small, large, fast), List.of(), 0, Map.of(), List.of());
    assertThat(result.best(cpu, Double.POSITIVE_INFINITY)).contains(large);
    assertThat(result.best(cpu, 55)).contains(large);
    assertThat(result.best(cpu, 54)).contains(small);
    assertThat(result.best(54)).contains(fast);
    assertThat(result.best(19)).contains(small);
    assertThat(result.best(5)).isEmpty();
    assertThat(result.quickest()).isEqualTo(small);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    BenchOptions options = BenchOptions.defaults();
    assertThatThrownBy(() -> options.withBatches(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> options.withBatches(List.of(0, 1))).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> options.withBatches(List.of(1025))).hasMessageContaining("1025");
    assertThatThrownBy(() -> options.withSeconds(0)).hasMessageContaining("seconds is 0");
    assertThatThrownBy(() -> options.withThreads(-1)).hasMessageContaining("threads is -1");
    assertThatThrownBy(() -> options.withBackends(List.of(BackendChoice.AUTO)))
        .hasMessageContaining("auto");
  }
}
