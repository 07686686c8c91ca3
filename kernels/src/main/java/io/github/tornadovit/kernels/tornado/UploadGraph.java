package io.github.tornadovit.kernels.tornado;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Graphs that allocate arrays on the device and bring their contents there. TornadoVM moves only
 * arrays that a task uses, so each has a task of its own, which touches it in no work-item: memory
 * that the driver refused is an address all the same, and a kernel that used it would end the
 * process. {@link Arrival} looks first.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class UploadGraph {
  private static final int GROUP = 128;

  /** An index that no work-item has, which a compiler cannot know. */
  private static final int NOBODY = 1 << 30;

  private final TaskGraph graph;
  private final GridScheduler grids;
  private final KernelContext context;
  private int count;

  private UploadGraph(String name, GridScheduler grids, KernelContext context) {
    graph = new TaskGraph(name);
    this.grids = grids;
    this.context = context;
  }

  /** Brings what stays on the device, executed once. */
  static ImmutableTaskGraph ofResidents(
      String name, DeviceProgram program, GridScheduler grids, KernelContext context) {
    UploadGraph upload = new UploadGraph(name, grids, context);
    Object[] arrays = program.residentArrays();
    upload.graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
    for (Object array : arrays) {
      upload.task(array);
    }
    upload.graph.persistOnDevice(arrays);
    return upload.graph.snapshot();
  }

  /** Brings the input of a batch, before each run. */
  static ImmutableTaskGraph ofInput(
      String name,
      String loader,
      DeviceProgram program,
      FloatArray input,
      GridScheduler grids,
      KernelContext context) {
    UploadGraph upload = new UploadGraph(name, grids, context);
    upload.graph.consumeFromDevice(loader, program.residentArrays());
    upload.graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, input);
    upload.task(input);
    upload.graph.persistOnDevice(program.residentArrays());
    upload.graph.persistOnDevice(input);
    return upload.graph.snapshot();
  }

  private void task(Object array) {
    String id = "load_" + count++;
    WorkerGrid grid = new WorkerGrid1D(GROUP);
    grid.setLocalWork(GROUP, 1, 1);
    grids.addWorkerGrid(graph.getTaskGraphName() + "." + id, grid);
    switch (array) {
      case FloatArray floats -> graph.task(id, UploadGraph::keepFloats, context, floats);
      case IntArray ints -> graph.task(id, UploadGraph::keepInts, context, ints);
      default -> throw new IllegalArgumentException("no array: " + array);
    }
  }

  /** Reads and writes as far as a compiler sees. */
  public static void keepFloats(KernelContext context, FloatArray array) {
    if (context.globalIdx == NOBODY) {
      array.set(0, array.get(0));
    }
  }

  /** As {@link #keepFloats}. */
  public static void keepInts(KernelContext context, IntArray array) {
    if (context.globalIdx == NOBODY) {
      array.set(0, array.get(0));
    }
  }
}
