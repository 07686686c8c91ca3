package io.github.tornadovit.emulator.checks;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Runs one kernel {@code (context, x, y)} as task {@code g.t}: x goes to the device, y comes back.
 */
final class Launcher {
  private Launcher() {}

  static WorkerGrid grid(int global, int local) {
    var grid = new WorkerGrid1D(global);
    grid.setLocalWork(local, 1, 1);
    return grid;
  }

  static FloatArray counting(int size) {
    var array = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      array.set(i, i + 1);
    }
    return array;
  }

  static float[] run(
      Task3<KernelContext, FloatArray, FloatArray> kernel,
      FloatArray x,
      int outputs,
      WorkerGrid grid) {
    var y = new FloatArray(outputs);
    var graph =
        new TaskGraph("g")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
            .task("t", kernel, new KernelContext(), x, y)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    execute(new GridScheduler("g.t", grid), graph.snapshot());
    return y.toHeapArray();
  }

  static void execute(GridScheduler grids, ImmutableTaskGraph... graphs) {
    try (var plan = new TornadoExecutionPlan(graphs)) {
      plan.withGridScheduler(grids).execute();
    } catch (TornadoExecutionPlanException e) {
      throw new AssertionError(e);
    }
  }
}
