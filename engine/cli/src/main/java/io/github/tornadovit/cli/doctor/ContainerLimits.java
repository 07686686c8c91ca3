package io.github.tornadovit.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that Linux control groups, versions 1 and 2, set for this process.
 *
 * @param processors as many as the quota pays for, maybe a fraction; null for no limit
 * @param memoryBytes at most; null for no limit
 */
record ContainerLimits(@Nullable Double processors, @Nullable Long memoryBytes) {
  /** Version 1 writes "no limit" as a number of about 2^63. */
  private static final long UNLIMITED = 1L << 60;

  /**
   * The limits of this process, the narrowest of its group and of the groups above.
   *
   * @param root where the groups are mounted
   * @param proc the file system of processes
   */
  static ContainerLimits read(Path root, Path proc) {
    Double processors = null;
    Long memory = null;
    for (Path group : groups(root, proc, "cpu")) {
      Double here = quota(group);
      processors = here == null || (processors != null && processors < here) ? processors : here;
    }
    for (Path group : groups(root, proc, "memory")) {
      Long here = number(group, "memory.max", "memory.limit_in_bytes");
      memory = here == null || (memory != null && memory < here) ? memory : here;
    }
    return new ContainerLimits(processors, memory);
  }

  /** The folder of this process's group and those above, in both versions' places. */
  private static List<Path> groups(Path root, Path proc, String controller) {
    List<Path> groups = new ArrayList<>();
    for (String line : lines(proc.resolve("self/cgroup"))) {
      String[] parts = line.split(":", 3);
      boolean second = parts.length == 3 && parts[1].isEmpty();
      if (second || (parts.length == 3 && List.of(parts[1].split(",")).contains(controller))) {
        Path top = second ? root : root.resolve(parts[1]);
        Path group = top.resolve(parts[2].substring(Math.min(1, parts[2].length()))).normalize();
        // In a container the group may be mounted at the top, under another name.
        while (group.startsWith(top) && !group.equals(top)) {
          groups.add(group);
          group = group.resolveSibling("").normalize();
        }
        groups.add(top);
      }
    }
    groups.add(root.resolve(controller));
    return groups;
  }

  private static @Nullable Double quota(Path group) {
    List<String> second = lines(group.resolve("cpu.max"));
    String[] parts =
        second.isEmpty()
            ? new String[] {
              first(group.resolve("cpu.cfs_quota_us")), first(group.resolve("cpu.cfs_period_us"))
            }
            : second.getFirst().split(" ", 2);
    Long quota = positive(parts[0]);
    Long period = positive(parts.length == 2 ? parts[1] : "");
    return quota == null || period == null ? null : (double) quota / period;
  }

  private static @Nullable Long number(Path group, String... files) {
    for (String file : files) {
      Long value = positive(first(group.resolve(file)));
      if (value != null && value < UNLIMITED) {
        return value;
      }
    }
    return null;
  }

  /** Null for {@code max}, {@code -1} and what is no number. */
  private static @Nullable Long positive(String text) {
    try {
      long value = Long.parseLong(text.strip());
      return value > 0 ? value : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static String first(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException _) {
      return List.of();
    }
  }
}
