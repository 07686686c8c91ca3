package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads TornadoVM's profile: JSON with an object per task, which holds its kernel time in
 * nanoseconds.
 */
final class KernelTimes {
  private static final Pattern TIME = Pattern.compile("\"TASK_KERNEL_TIME\"\\s*:\\s*\"?(\\d+)");

  private KernelTimes() {}

  /**
   * The time of each task of a graph.
   *
   * @param log of the graph; TornadoVM appends to it, so the last time of a task counts
   * @param tasks by the ids that TornadoVM knows them by
   * @throws BackendException if a task has none
   */
  static List<KernelTime> read(String log, SequencedMap<String, KernelTask> tasks) {
    return tasks.entrySet().stream()
        .map(task -> new KernelTime(task.getValue(), nanos(log, task.getKey())))
        .toList();
  }

  /**
   * The times of a pass.
   *
   * @throws BackendException if all have taken no time, as a TornadoVM says that measures none
   *     through the back end in use
   */
  static List<KernelTime> requireMeasured(List<KernelTime> times) {
    if (times.stream().allMatch(time -> time.nanos() == 0)) {
      throw new BackendException(
          "tornado",
          "this TornadoVM's profiler measures no kernels through the back end in use; use another"
              + " device or TornadoVM 5.2");
    }
    return times;
  }

  private static long nanos(String log, String task) {
    int start = log.lastIndexOf('"' + task + '"');
    int end = start < 0 ? -1 : log.indexOf('}', start);
    Matcher time = TIME.matcher(log);
    if (end < 0 || !time.region(start, end).find()) {
      throw new BackendException(
          "tornado", "TornadoVM's profile has no time of task '" + task + "'");
    }
    return Long.parseLong(time.group(1));
  }
}
