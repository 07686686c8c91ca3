package io.github.tornadovit.benchmarks.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the peak before and after each iteration, as {@code fmaPeak} in GFLOP/s, and what part
 * of it the benchmark reached, as {@code ofPeak}, if it counts its {@link Work} and the part can be
 * true. For JMH's option {@code -prof}.
 */
public final class FmaPeakProfiler implements InternalProfiler {
  private static final Duration DURATION = Duration.ofMillis(100);

  private @Nullable ArithmeticPeak peak;
  private double before;

  /** For JMH, which makes it from its name. */
  public FmaPeakProfiler() {}

  @Override
  public String getDescription() {
    return "Peak rate of float32 multiply-adds around each iteration";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = peak(benchmark).measure(DURATION);
  }

  @Override
  public List<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double around = (before + peak(benchmark).measure(DURATION)) / 2;
    List<ScalarResult> results = new ArrayList<>();
    results.add(new ScalarResult("fmaPeak", around, "GFLOP/s", AggregationPolicy.AVG));
    var work = result.getSecondaryResults().get(Work.GIGAFLOPS);
    if (work != null) {
      double share = work.getScore() / around;
      if (ArithmeticPeak.isCredible(share)) {
        results.add(new ScalarResult("ofPeak", share, "of fmaPeak", AggregationPolicy.AVG));
      }
    }
    return results;
  }

  private ArithmeticPeak peak(BenchmarkParams benchmark) {
    ArithmeticPeak open = peak;
    if (open == null) {
      open = ArithmeticPeak.fma(Threads.resolve(threads(benchmark)));
      peak = open;
    }
    return open;
  }

  private static int threads(BenchmarkParams benchmark) {
    return benchmark.getParamsKeys().contains("threads")
        ? Integer.parseInt(benchmark.getParam("threads"))
        : 1;
  }
}
