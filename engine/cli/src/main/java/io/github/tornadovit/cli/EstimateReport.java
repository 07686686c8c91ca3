package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.kernels.backend.PassEstimate.Bound;
import io.github.tornadovit.kernels.backend.PassEstimate.Expected;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Expected times of kernels, launches of equal work summed. */
final class EstimateReport {
  /** Microseconds that TornadoVM's host code takes for a task, as measured with OpenCL on a CPU. */
  private static final int LEAST_HOST_MICROS = 20;

  private static final int MOST_HOST_MICROS = 40;

  private EstimateReport() {}

  /** The key of launches that do equal work. */
  private record Work(String kernel, String output, String grid, Bound bound, long nanos) {
    static Work of(Expected launch) {
      KernelTask task = launch.time().task();
      return new Work(
          task.kernel(), task.output(), task.grid(), launch.bound(), launch.time().nanos());
    }

    String boundName() {
      return bound.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The launches of equal work. */
  private record Sum(Work work, int launches, long flops) {
    double millis() {
      return launches * work.nanos() / 1e6;
    }

    double gigaflops() {
      return (double) flops / (launches * work.nanos());
    }
  }

  private static List<Sum> sums(PassEstimate estimate) {
    Map<Work, Sum> sums = new LinkedHashMap<>();
    for (Expected launch : estimate.launches()) {
      Work work = Work.of(launch);
      sums.merge(
          work,
          new Sum(work, 1, launch.time().task().flops()),
          (one, other) ->
              new Sum(work, one.launches() + other.launches(), one.flops() + other.flops()));
    }
    return List.copyOf(sums.values());
  }

  static void table(PassEstimate estimate, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("kernel", "writes", "launches", "ms", "share", "GFLOP/s", "bound", "grid"));
    for (Sum sum : sums(estimate)) {
      rows.add(
          List.of(
              sum.work().kernel(),
              sum.work().output(),
              Integer.toString(sum.launches()),
              format("%.3f", sum.millis()),
              format("%.1f %%", 1e8 * sum.millis() / estimate.nanos()),
              format("%.0f", sum.gigaflops()),
              sum.work().boundName(),
              sum.work().grid()));
    }
    long flops = estimate.launches().stream().mapToLong(one -> one.time().task().flops()).sum();
    rows.add(
        List.of(
            "all",
            "",
            Integer.toString(estimate.launches().size()),
            format("%.3f", estimate.nanos() / 1e6),
            "100 %",
            format("%.0f", (double) flops / estimate.nanos()),
            "",
            ""));
    Table.print(rows, out);
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %.1f images/s expected, by a model that no GPU has confirmed.",
            says(estimate.gpu()),
            estimate.rate()));
    out.println(
        String.format(
            Locale.ROOT,
            "TornadoVM's own time on the host is not in it: %d tasks take %.1f to %.1f ms if one takes %d to %d us.",
            estimate.kernels(),
            estimate.kernels() * LEAST_HOST_MICROS / 1e3,
            estimate.kernels() * MOST_HOST_MICROS / 1e3,
            LEAST_HOST_MICROS,
            MOST_HOST_MICROS));
    out.flush();
  }

  private static String says(Gpu gpu) {
    return String.format(
        Locale.ROOT,
        "%s (%d multiprocessors of %d lanes at %.2f GHz, %.0f GB/s)",
        gpu.name(),
        gpu.multiprocessors(),
        gpu.lanes(),
        gpu.gigahertz(),
        gpu.memoryRate());
  }

  static void json(PassEstimate estimate, PrintWriter out) {
    List<Map<String, Object>> kernels = new ArrayList<>();
    for (Sum sum : sums(estimate)) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("kernel", sum.work().kernel());
      entry.put("writes", sum.work().output());
      entry.put("launches", sum.launches());
      entry.put("grid", sum.work().grid());
      entry.put("milliseconds", sum.millis());
      entry.put("gigaflops_per_second", sum.gigaflops());
      entry.put("bound", sum.work().boundName());
      kernels.add(entry);
    }
    Map<String, Object> pass = new LinkedHashMap<>();
    pass.put("gpu", estimate.gpu().name());
    pass.put("confirmed_by_a_gpu", false);
    pass.put("images", estimate.images());
    pass.put("milliseconds", estimate.nanos() / 1e6);
    pass.put("images_per_second", estimate.rate());
    pass.put("kernels", kernels);
    Json.print(pass, out);
  }
}
