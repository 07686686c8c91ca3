package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A launch of a plan, before anything is built: what {@link GraphRecorder} makes a task of, and
 * {@link TimeModel} an expected time.
 *
 * @param launch its grid and its effort
 * @param task its share of the operation's work
 * @param weightBytes of the task's bytes, those of weights
 */
record PlannedLaunch(Launch launch, KernelTask task, long weightBytes) {
  /** The first launch of a run: it makes TornadoVM bring the input. */
  static final Launch KEEP = Launch.elementwise("keep", 1);

  /** The second one: it begins to count launches. */
  static final Launch BEGIN = Launch.elementwise("begin", 1);

  /**
   * The launches of an operation. The work is that of one; those before prepare what it reads, and
   * where it writes sums of parts another one adds them up.
   *
   * @param plan whose they are
   * @param number of launches before them, which makes their ids unique
   * @param halves values that lie as float16
   */
  static List<PlannedLaunch> of(
      String plan,
      int number,
      String section,
      Operation operation,
      DeviceOperation kernel,
      int batch,
      Tiling tiling,
      Set<Buffer> halves) {
    List<Buffer> values = new ArrayList<>(operation.inputs());
    values.add(operation.output());
    values.removeIf(value -> !halves.contains(value));
    values.addAll(kernel.halfScratch()); // Read in place of an input.
    long half = values.stream().mapToLong(Buffer::size).sum();
    long bytes = operation.bytes(batch) - batch * half * (Float.BYTES - Short.BYTES);
    List<Launch> launches = kernel.launches(batch, tiling);
    int parts = parts(operation, kernel, batch, tiling);
    long sums = (long) Float.BYTES * batch * operation.output().size();
    List<PlannedLaunch> planned = new ArrayList<>();
    for (Launch launch : launches) {
      int left = launches.size() - planned.size();
      boolean works = left == (parts == 1 ? 1 : 2);
      boolean adds = left == 1 && !works;
      KernelTask task =
          new KernelTask(
              plan + "." + launch.kernel() + "_" + (number + planned.size()),
              launch.kernel(),
              operation.output().name(),
              section,
              launch.grid(),
              works ? batch * operation.flops() : 0,
              works
                  ? bytes + (parts - 1) * sums
                  : adds ? (parts + 1) * sums : batch * kernel.preparedBytes());
      planned.add(new PlannedLaunch(launch, task, works ? operation.weightBytes() : 0));
    }
    return planned;
  }

  private static int parts(Operation operation, DeviceOperation kernel, int batch, Tiling tiling) {
    Tile tile = kernel.tile(Math.multiplyExact(batch, operation.output().rows()), tiling);
    return tile == null ? 1 : tile.parts();
  }
}
