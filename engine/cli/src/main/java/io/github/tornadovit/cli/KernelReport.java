package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times of kernels, launches of equal work summed. */
final class KernelReport {
  private KernelReport() {}

  /** The key of launches that do equal work. */
  private record Work(String kernel, String output, String grid, long flops, long bytes) {
    static Work of(KernelTask task) {
      return new Work(task.kernel(), task.output(), task.grid(), task.flops(), task.bytes());
    }
  }

  /** The launches of equal work. */
  private record Sum(Work work, int launches, long nanos) {
    double millis() {
      return nanos / 1e6;
    }

    double gigaflops() {
      return nanos == 0 ? 0 : (double) launches * work.flops() / nanos;
    }

    double gigabytes() {
      return nanos == 0 ? 0 : (double) launches * work.bytes() / nanos;
    }
  }

  private static List<Sum> sums(List<KernelTime> times) {
    Map<Work, Sum> sums = new LinkedHashMap<>();
    for (KernelTime time : times) {
      Work work = Work.of(time.task());
      sums.merge(
          work,
          new Sum(work, 1, time.nanos()),
          (one, other) ->
              new Sum(one.work(), one.launches() + other.launches(), one.nanos() + other.nanos()));
    }
    return List.copyOf(sums.values());
  }

  private static long total(List<KernelTime> times) {
    return times.stream().mapToLong(KernelTime::nanos).sum();
  }

  static void table(List<KernelTime> times, PrintWriter out) {
    long total = total(times);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("kernel", "writes", "launches", "ms", "share", "GFLOP/s", "GB/s", "grid"));
    for (Sum sum : sums(times)) {
      rows.add(
          List.of(
              sum.work().kernel(),
              sum.work().output(),
              Integer.toString(sum.launches()),
              format("%.3f", sum.millis()),
              format("%.1f %%", 100.0 * sum.nanos() / Math.max(total, 1)),
              format("%.2f", sum.gigaflops()),
              format("%.2f", sum.gigabytes()),
              sum.work().grid()));
    }
    long flops = times.stream().mapToLong(time -> time.task().flops()).sum();
    rows.add(
        List.of(
            "all",
            "",
            Integer.toString(times.size()),
            format("%.3f", total / 1e6),
            "100 %",
            format("%.2f", (double) flops / Math.max(total, 1)),
            "",
            ""));
    Table.print(rows, out);
  }

  static void json(List<KernelTime> times, PrintWriter out) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Sum sum : sums(times)) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("kernel", sum.work().kernel());
      entry.put("writes", sum.work().output());
      entry.put("launches", sum.launches());
      entry.put("grid", sum.work().grid());
      entry.put("milliseconds", sum.millis());
      entry.put("gigaflops_per_second", sum.gigaflops());
      entry.put("gigabytes_per_second", sum.gigabytes());
      entries.add(entry);
    }
    Json.print(entries, out);
  }
}
