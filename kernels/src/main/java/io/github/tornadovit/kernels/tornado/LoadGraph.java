package io.github.tornadovit.kernels.tornado;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The graph that brings weights to the device and allocates the buffers there, executed once.
 * TornadoVM moves only arrays that a task uses, so each has a small task of its own.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class LoadGraph {
  private static final int GROUP = 128;

  private final TaskGraph graph;
  private final GridScheduler grids;
  private int count;

  private LoadGraph(String name, GridScheduler grids) {
    graph = new TaskGraph(name);
    this.grids = grids;
  }

  static ImmutableTaskGraph record(
      String name, DeviceProgram program, GridScheduler grids, KernelContext context) {
    LoadGraph load = new LoadGraph(name, grids);
    load.graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, program.weightArrays().toArray());
    for (FloatArray weights : program.weightArrays()) {
      load.graph.task(load.next(1), LoadGraph::keep, context, weights);
    }
    for (FloatArray buffer : program.bufferArrays()) {
      load.graph.task(
          load.next(Math.ceilDiv(buffer.getSize(), GROUP)),
          LoadGraph::clear,
          context,
          buffer,
          buffer.getSize());
    }
    load.graph.persistOnDevice(program.residentArrays());
    return load.graph.snapshot();
  }

  private String next(int groups) {
    String id = "load_" + count++;
    WorkerGrid grid = new WorkerGrid1D(Math.multiplyExact(groups, GROUP));
    grid.setLocalWork(GROUP, 1, 1);
    grids.addWorkerGrid(graph.getTaskGraphName() + "." + id, grid);
    return id;
  }

  /** Reads and writes one element, so that the array is uploaded. */
  public static void keep(KernelContext context, FloatArray weights) {
    if (context.globalIdx == 0) {
      weights.set(0, weights.get(0));
    }
  }

  /** Zeros, so that what a smaller batch leaves is no garbage. */
  public static void clear(KernelContext context, FloatArray buffer, int size) {
    int at = context.globalIdx;
    if (at < size) {
      buffer.set(at, 0f);
    }
  }
}
