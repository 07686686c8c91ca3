package io.github.tornadovit.cli.doctor;

import java.util.List;

/** Checks that the JVM knows its container's limits. */
final class ContainerChecks {
  private static final String SECTION = "container";

  private ContainerChecks() {}

  static List<Finding> run(ContainerLimits limits) {
    return List.of(
        processors(limits, Runtime.getRuntime().availableProcessors()),
        memory(limits, Runtime.getRuntime().maxMemory()));
  }

  static Finding processors(ContainerLimits limits, int seen) {
    Double quota = limits.processors();
    if (quota == null) {
      return Finding.ok(SECTION, "processors", "no limit; the JVM sees " + seen);
    }
    String value = "limit %.2f; the JVM sees %d".formatted(quota, seen);
    return seen > Math.ceil(quota)
        ? Finding.warning(
            SECTION,
            "processors",
            value + ", whose threads will be held back",
            "leave -XX:+UseContainerSupport on, or set -XX:ActiveProcessorCount=%d"
                .formatted((int) Math.ceil(quota)))
        : Finding.ok(SECTION, "processors", value);
  }

  static Finding memory(ContainerLimits limits, long heap) {
    Long limit = limits.memoryBytes();
    if (limit == null) {
      return Finding.ok(SECTION, "memory", "no limit");
    }
    String value = "limit %s; the heap may take %s".formatted(Jvm.size(limit), Jvm.size(heap));
    return heap >= limit
        ? Finding.warning(
            SECTION,
            "memory",
            value + ", so the system may kill the process",
            "set -XX:MaxRAMPercentage=75 or an -Xmx well below the limit")
        : Finding.ok(SECTION, "memory", value);
  }
}
