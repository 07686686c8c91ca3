package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.peers.WorkerProcess;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks our engine which kernels a forward pass runs, and how long each takes. */
final class Profiles {
  private Profiles() {}

  private record KernelTimes(List<KernelTime> kernels) {}

  /** The key by which launches are summed. */
  private record Work(String kernel, String output, String grid, long flops, long bytes) {
    Work(KernelTask task) {
      this(task.kernel(), task.output(), task.grid(), task.flops(), task.bytes());
    }
  }

  /** Launches of equal work become one kernel, in the order of their first launch. */
  static Result.Profile of(String id, WorkerProcess worker, int batch, int passes) {
    Map<Work, Result.Kernel> kernels = new LinkedHashMap<>();
    String request = "profile %d %d".formatted(batch, passes);
    for (KernelTime time : worker.ask(request, KernelTimes.class).kernels()) {
      KernelTask task = time.task();
      Result.Kernel one =
          new Result.Kernel(
              task.kernel(),
              task.output(),
              task.grid(),
              1,
              time.nanos(),
              task.flops(),
              task.bytes());
      kernels.merge(new Work(task), one, Profiles::sum);
    }
    return new Result.Profile(id, batch, new ArrayList<>(kernels.values()));
  }

  private static Result.Kernel sum(Result.Kernel one, Result.Kernel other) {
    return new Result.Kernel(
        one.kernel(),
        one.writes(),
        one.grid(),
        one.launches() + other.launches(),
        one.nanos() + other.nanos(),
        one.flops() + other.flops(),
        one.bytes() + other.bytes());
  }
}
