package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Multiprocessors;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.kernels.backend.PassEstimate.Bound;
import io.github.tornadovit.kernels.backend.PassEstimate.Expected;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Occupancy;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Expects the time of a forward pass on a GPU that need not be here, launch by launch: the launches
 * are those that a plan makes on a device of so many multiprocessors, each takes the longest of
 * what its {@linkplain Occupancy busiest multiprocessor} computes, what the second level cache and
 * what device memory move, and {@value Launch#GAP} ns to begin. Weights come from device memory,
 * activations too unless half of the cache holds an operation's.
 *
 * <p>No GPU has confirmed it. Not in it: the host's time for each task, which may be the longest of
 * all where a pass is short.
 */
public final class TimeModel {
  /** Launches of a pass before those of its operations. */
  private static final List<Launch> PRELUDE = List.of(PlannedLaunch.KEEP, PlannedLaunch.BEGIN);

  private final Gpu gpu;
  private final Multiprocessors has;

  /** A model of a GPU. */
  public TimeModel(Gpu gpu) {
    this.gpu = gpu;
    has = gpu.multiprocessors();
  }

  /**
   * A pass of a program.
   *
   * @throws BackendException if no kernel of this GPU multiplies in the program's precision
   */
  public PassEstimate pass(Program program, int images) {
    if (images < 1) {
      throw new IllegalArgumentException("batch is " + images + ", expected 1 or more");
    }
    requirePrecision(program);
    List<Expected> expected = new ArrayList<>();
    long bytes = (long) Float.BYTES * images * program.input().size();
    expected.add(
        new Expected(
            new KernelTime(
                task("copy", program.input().name(), "from the host", bytes),
                Launch.GAP + nanos(bytes, gpu.busRate())),
            Bound.BUS));
    for (Launch launch : PRELUDE) {
      expected.add(expected(launch, task(launch.kernel(), "run", launch.grid(), 0), 0));
    }
    Tiling tiling = Tiling.of(has.count());
    Set<Buffer> halves = Codings.halves(program);
    for (Program.Section section : program.sections()) {
      for (Operation operation : section.operations()) {
        PlannedLaunch.of(
                gpu.name(),
                expected.size(),
                section.name(),
                operation,
                DeviceProgram.kernel(operation, halves),
                images,
                tiling,
                halves)
            .forEach(
                planned ->
                    expected.add(
                        expected(planned.launch(), planned.task(), planned.weightBytes())));
      }
    }
    return new PassEstimate(gpu, images, 1 + program.sections().size(), expected);
  }

  private void requirePrecision(Program program) {
    boolean half =
        program.operations().stream().anyMatch(operation -> operation.precision() == Precision.F16);
    if (half && has.tensorMultiplyAdds() == 0) {
      throw new BackendException(
          "tornado",
          "f16 needs tensor cores of compute capability 8.0, which '%s' does not have; use precision"
                  .formatted(gpu.name())
              + " f32");
    }
  }

  private static KernelTask task(String kernel, String output, String grid, long bytes) {
    return new KernelTask(kernel, kernel, output, "run", grid, 0, bytes);
  }

  private Expected expected(Launch launch, KernelTask task, long weightBytes) {
    Occupancy occupancy = Occupancy.of(launch, has);
    long computed = Math.round(occupancy.cycles() / has.gigahertz());
    long cached = nanos(launch.effort().cacheBytes(), has.cacheRate());
    long activations = task.bytes() - weightBytes;
    boolean stay = activations <= gpu.cacheMegabytes() * (1 << 20) / 2;
    long loaded = nanos(stay ? weightBytes : task.bytes(), gpu.memoryRate());
    long longest = Math.max(computed, Math.max(cached, loaded));
    Bound bound;
    if (longest < Launch.GAP) {
      bound = Bound.LAUNCH;
    } else if (longest == loaded) {
      bound = Bound.MEMORY;
    } else if (longest == cached) {
      bound = Bound.CACHE;
    } else {
      bound = occupancy.waiting() ? Bound.LATENCY : Bound.ARITHMETIC;
    }
    return new Expected(new KernelTime(task, longest + Launch.GAP), bound);
  }

  /** Bytes at a rate in GB/s. */
  private static long nanos(long bytes, double rate) {
    return Math.round(bytes / rate);
  }
}
