package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.kernels.backend.KernelTime;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Times of kernels, launches of equal work summed. */
final class KernelReport {
  private static final KernelSum.Column RATE =
      new KernelSum.Column("GB/s", sum -> format("%.2f", sum.gigabytes()));

  private KernelReport() {}

  static void table(List<KernelTime> times, PrintWriter out) {
    Table.print(KernelSum.rows(times, RATE), out);
  }

  static void json(List<KernelTime> times, PrintWriter out) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (KernelSum sum : KernelSum.of(times)) {
      Map<String, Object> entry = sum.facts();
      entry.put("gigabytes_per_second", sum.gigabytes());
      entries.add(entry);
    }
    Json.print(entries, out);
  }
}
