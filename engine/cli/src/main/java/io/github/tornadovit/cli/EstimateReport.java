package io.github.tornadovit.cli;

import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.kernels.backend.PassEstimate.Expected;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Expected times of kernels, launches of equal work summed. */
final class EstimateReport {
  /**
   * Microseconds that the host takes for a graph whose launches are replayed: TornadoVM's code, as
   * measured on the software CUDA device, is the least of it; a device's answer comes on top.
   */
  private static final int LEAST_HOST_MICROS = 15;

  private static final int MOST_HOST_MICROS = 30;

  private EstimateReport() {}

  private static List<KernelTime> times(PassEstimate estimate) {
    return estimate.launches().stream().map(Expected::time).toList();
  }

  /** What bounds launches of equal work, by the first of them. */
  private static Function<KernelSum, String> bounds(PassEstimate estimate) {
    Map<KernelTask, String> bounds =
        estimate.launches().stream()
            .collect(
                Collectors.toMap(
                    one -> one.time().task(), one -> one.bound().name().toLowerCase(Locale.ROOT)));
    return sum -> Objects.requireNonNull(bounds.get(sum.task()));
  }

  static void table(PassEstimate estimate, PrintWriter out) {
    Table.print(
        KernelSum.rows(times(estimate), new KernelSum.Column("bound", bounds(estimate))), out);
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %.1f images/s expected, by a model that no GPU has confirmed.",
            says(estimate.gpu()),
            estimate.rate()));
    out.println(
        String.format(
            Locale.ROOT,
            "TornadoVM's own time on the host is not in it: %d graphs take %.1f to %.1f ms if one takes %d to %d us.",
            estimate.graphs(),
            estimate.graphs() * LEAST_HOST_MICROS / 1e3,
            estimate.graphs() * MOST_HOST_MICROS / 1e3,
            LEAST_HOST_MICROS,
            MOST_HOST_MICROS));
    out.flush();
  }

  private static String says(Gpu gpu) {
    return String.format(
        Locale.ROOT,
        "%s (%d multiprocessors of %d lanes at %.2f GHz, %.0f GB/s)",
        gpu.name(),
        gpu.multiprocessors().count(),
        gpu.multiprocessors().lanes(),
        gpu.multiprocessors().gigahertz(),
        gpu.memoryRate());
  }

  static void json(PassEstimate estimate, PrintWriter out) {
    List<Map<String, Object>> kernels = new ArrayList<>();
    Function<KernelSum, String> bounds = bounds(estimate);
    for (KernelSum sum : KernelSum.of(times(estimate))) {
      Map<String, Object> entry = sum.facts();
      entry.put("bound", bounds.apply(sum));
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
