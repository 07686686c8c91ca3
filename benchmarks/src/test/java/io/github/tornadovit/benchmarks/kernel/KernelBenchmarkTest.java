package io.github.tornadovit.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.machinecode.PeakLoop;
import io.github.tornadovit.kernels.machinecode.PeakLoop.Form;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Weight;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class KernelBenchmarkTest {
  /** One iteration in this JVM: that it runs and counts, not how fast it is. */
  @Test
  void jmhRunsABenchmarkAndThePeakBesideIt() throws Exception {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(OperationBenchmark.class.getName() + ".run")
                    .param("operation", "LAYER_NORM")
                    .param("batch", "1")
                    .param("threads", "1")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(200))
                    .addProfiler(FmaPeakProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    double norms = result.getPrimaryResult().getScore();
    double gigaflops = score(result, "gigaflops");
    double peak = score(result, "fmaPeak");
    double normGigaflops = 8.0 * Layers.TOKENS * Layers.WIDTH * 1e-9;
    assertThat(gigaflops / norms).isBetween(0.99 * normGigaflops, 1.01 * normGigaflops);
    if (result.getSecondaryResults().containsKey("ofPeak")) { // As where the machine is quiet.
      assertThat(score(result, "ofPeak") * peak).isBetween(0.99 * gigaflops, 1.01 * gigaflops);
    } else {
      assertThat(gigaflops / peak).isGreaterThan(1.05);
    }
  }

  private static double score(RunResult result, String name) {
    return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
  }

  @Test
  void thePeakIsAtLeastOneMultiplyAddPerNanosecond() {
    try (ArithmeticPeak peak = ArithmeticPeak.fma(2)) {
      assertThat(peak.measure(Duration.ofMillis(20))).isBetween(2.0, 100_000.0);
    }
  }

  @Test
  void twoLoopsMeasureThePeakWhereMachineCodeCanBeUsed() {
    try (ArithmeticPeak peak = ArithmeticPeak.fma(1)) {
      assertThat(peak.measureEach(Duration.ofMillis(20)))
          .hasSize(PeakLoop.of(Form.FMA).isPresent() ? 2 : 1)
          .allMatch(rate -> rate > 1);
    }
  }

  @Test
  void everyPrecisionHasAPeakAndWhatTheProcessorHasIsListed() {
    for (String precision : new String[] {"f32", "bf16", "int8"}) {
      try (ArithmeticPeak peak = ArithmeticPeak.of(1, precision)) {
        assertThat(peak.measure(Duration.ofMillis(20))).as(precision).isBetween(1.0, 100_000.0);
      }
    }
    assertThat(ArithmeticPeak.all(1, Duration.ofMillis(20)))
        .containsKey("float32 FMA")
        .hasSize(
            (int)
                Arrays.stream(Form.values())
                    .filter(form -> form == Form.FMA || PeakLoop.of(form).isPresent())
                    .count());
  }

  @Test
  void aPartOfThePeakThatCannotBeTrueIsNotPrinted() {
    assertThat(ArithmeticPeak.text(0.876)).isEqualTo("88 %");
    assertThat(ArithmeticPeak.text(1.049)).isEqualTo("105 %");
    assertThat(ArithmeticPeak.text(2.05)).isEqualTo("above the peak");
    assertThat(ArithmeticPeak.text(Double.NaN)).isEqualTo("above the peak");
  }

  @Test
  void everyOperationComputesWhatTheReferenceDoes() {
    for (OperationBenchmark.Kind kind : OperationBenchmark.Kind.values()) {
      OperationBenchmark benchmark = new OperationBenchmark();
      benchmark.operation = kind;
      benchmark.batch = 1;
      benchmark.prepare();
      Work work = new Work();
      benchmark.run(work);
      benchmark.close();
    }
  }

  /**
   * The only fault that a correct kernel lets a caller make: what is not a number equals nothing.
   */
  @Test
  void layersWhoseCheckFailsAreNotMeasured() {
    Buffer input = new Buffer("input", 2, 8);
    float[] values = new float[64];
    values[3] = Float.NaN;
    Weight weight = Weight.of("broken", 8, 8, values);
    assertThatThrownBy(
            () ->
                new Layers(
                    input,
                    layer -> Linear.of(input, weight, null, new Buffer("output", 2, 8)),
                    1,
                    new CpuBackend(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Linear: element 0 is NaN, expected NaN");
  }
}
