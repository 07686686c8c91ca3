package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.BackendStatus;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.PrecisionStatus;
import io.github.tornadovit.kernels.backend.Unusable;
import io.github.tornadovit.kernels.tornado.TornadoRelease;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code devices}: every backend and device, usable or not and why. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    description = "List the backends and devices: which can be used here, and why others cannot.")
final class DevicesCommand implements Callable<Integer> {
  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  DevicesCommand() {}

  /** Exit code 0, whatever there is. */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    BackendOverview overview = Backends.overview();
    switch (format.chosen()) {
      case JSON -> Json.print(facts(overview), out);
      case TABLE -> {
        Table.print(backendRows(overview), out);
        out.println();
        if (!overview.devices().isEmpty()) {
          Table.print(deviceRows(overview), out);
          out.println();
        }
        Table.print(precisionRows(overview), out);
        out.println();
        TornadoRelease.inUse().ifPresent(release -> out.printf("TornadoVM %s%n", release));
        out.printf("auto takes %s: %s%n", overview.automatic(), overview.automaticReason());
      }
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> facts(TornadoRelease release) {
    return Map.of("version", release.version(), "tried", release.isTried());
  }

  private static Map<String, @Nullable Object> facts(BackendOverview overview) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("backends", overview.backends().stream().map(DevicesCommand::facts).toList());
    facts.put("devices", overview.devices().stream().map(DevicesCommand::facts).toList());
    Map<String, Object> automatic = new LinkedHashMap<>();
    automatic.put("backend", overview.automatic().backend());
    automatic.put("device", overview.automatic().name());
    automatic.put("reason", overview.automaticReason());
    facts.put("auto", automatic);
    facts.put("tornadovm", TornadoRelease.inUse().map(DevicesCommand::facts).orElse(null));
    return facts;
  }

  private static Map<String, @Nullable Object> facts(BackendStatus status) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("name", status.backend());
    putUsable(facts, status.unusable());
    facts.put("device", status.device());
    facts.put("precisions", status.precisions().stream().map(DevicesCommand::facts).toList());
    return facts;
  }

  private static Map<String, @Nullable Object> facts(PrecisionStatus status) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("name", status.precision().label());
    facts.put("device", status.device());
    facts.put("problem", status.problem());
    return facts;
  }

  private static Map<String, @Nullable Object> facts(DeviceDescription device) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("index", device.index());
    facts.put("name", device.name());
    facts.put("kind", device.kind().toString());
    putUsable(facts, device.unusable());
    facts.put("tornado_backend", device.tornadoBackend());
    facts.put("f16", facts(Backends.precision(device, Precision.F16)));
    facts.put("platform", device.platform());
    facts.put("compute_units", device.computeUnits());
    facts.put("memory_bytes", device.memoryBytes());
    facts.put("max_allocation_bytes", device.maxAllocationBytes());
    facts.put("max_work_group_size", device.maxWorkGroupSize());
    facts.put("local_memory_bytes", device.localMemoryBytes());
    return facts;
  }

  private static void putUsable(Map<String, @Nullable Object> facts, @Nullable Unusable unusable) {
    facts.put("usable", unusable == null);
    facts.put("problem", unusable == null ? null : unusable.problem());
    facts.put("remedy", unusable == null ? null : unusable.remedy());
  }

  private static List<List<String>> backendRows(BackendOverview overview) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("backend", "usable", "runs on"));
    for (BackendStatus status : overview.backends()) {
      Unusable unusable = status.unusable();
      rows.add(
          List.of(
              status.backend(),
              unusable == null ? "yes" : "no",
              unusable == null ? String.valueOf(status.device()) : unusable.toString()));
    }
    return rows;
  }

  /**
   * What runs each precision but f32, which every backend has; of unusable backends nothing. What
   * is a matter of the device, of every device.
   */
  private static List<List<String>> precisionRows(BackendOverview overview) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("precision", "on", "runs on"));
    for (BackendStatus status : overview.backends()) {
      for (PrecisionStatus one : status.precisions()) {
        boolean ofDevice = one.precision() == Precision.F16 && status.backend().equals("tornado");
        if (one.precision() != Precision.F32 && !ofDevice) {
          rows.add(row(status.backend(), one));
        }
      }
    }
    for (DeviceDescription device : overview.usableDevices()) {
      rows.add(row("device " + device.index(), Backends.precision(device, Precision.F16)));
    }
    return rows;
  }

  private static List<String> row(String where, PrecisionStatus status) {
    return List.of(
        status.precision().label(),
        where,
        status.device() == null ? "not here: " + status : status.toString());
  }

  /** Without reasons: what makes a device unusable is what makes the backend so. */
  private static List<List<String>> deviceRows(BackendOverview overview) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "device",
            "kind",
            "through",
            "platform",
            "units",
            "memory",
            "largest buffer",
            "work-group",
            "local memory",
            "usable",
            "name"));
    for (DeviceDescription device : overview.devices()) {
      rows.add(
          List.of(
              Integer.toString(device.index()),
              device.kind().toString(),
              device.tornadoBackend(),
              device.platform(),
              Integer.toString(device.computeUnits()),
              size(device.memoryBytes()),
              size(device.maxAllocationBytes()),
              Integer.toString(device.maxWorkGroupSize()),
              size(device.localMemoryBytes()),
              device.unusable() == null ? "yes" : "no",
              device.name()));
    }
    return rows;
  }

  /** A number of bytes in the largest binary unit that it fills. */
  private static String size(long bytes) {
    if (bytes >= 1L << 30) {
      return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
    return bytes >= 1L << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
