package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Launches of equal work.
 *
 * @param task the first of them
 * @param launches how many
 * @param nanos of all
 */
record KernelSum(KernelTask task, int launches, long nanos) {

  private record Work(String kernel, String output, String grid, long flops, long bytes) {
    static Work of(KernelTask task) {
      return new Work(task.kernel(), task.output(), task.grid(), task.flops(), task.bytes());
    }
  }

  /** A column of a table that not every table has. */
  record Column(String title, Function<KernelSum, String> cell) {}

  static List<KernelSum> of(List<KernelTime> times) {
    Map<Work, KernelSum> sums = new LinkedHashMap<>();
    for (KernelTime time : times) {
      sums.merge(
          Work.of(time.task()),
          new KernelSum(time.task(), 1, time.nanos()),
          (one, other) ->
              new KernelSum(
                  one.task(), one.launches() + other.launches(), one.nanos() + other.nanos()));
    }
    return List.copyOf(sums.values());
  }

  /** A row for each, and one for all. */
  static List<List<String>> rows(List<KernelTime> times, Column column) {
    long total = Math.max(times.stream().mapToLong(KernelTime::nanos).sum(), 1);
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("kernel", "writes", "launches", "ms", "share", "GFLOP/s", column.title(), "grid"));
    for (KernelSum sum : of(times)) {
      rows.add(
          List.of(
              sum.task().kernel(),
              sum.task().output(),
              Integer.toString(sum.launches()),
              format("%.3f", sum.millis()),
              format("%.1f %%", 100.0 * sum.nanos() / total),
              format("%.2f", sum.gigaflops()),
              column.cell().apply(sum),
              sum.task().grid()));
    }
    long flops = times.stream().mapToLong(time -> time.task().flops()).sum();
    rows.add(
        List.of(
            "all",
            "",
            Integer.toString(times.size()),
            format("%.3f", total / 1e6),
            "100 %",
            format("%.2f", (double) flops / total),
            "",
            ""));
    return rows;
  }

  /** Its members in JSON. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kernel", task.kernel());
    facts.put("writes", task.output());
    facts.put("launches", launches);
    facts.put("grid", task.grid());
    facts.put("milliseconds", millis());
    facts.put("gigaflops_per_second", gigaflops());
    return facts;
  }

  double millis() {
    return nanos / 1e6;
  }

  double gigaflops() {
    return nanos == 0 ? 0 : (double) launches * task.flops() / nanos;
  }

  double gigabytes() {
    return nanos == 0 ? 0 : (double) launches * task.bytes() / nanos;
  }
}
