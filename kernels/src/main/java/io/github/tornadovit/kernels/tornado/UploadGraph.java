package io.github.tornadovit.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Graphs that allocate arrays on the device and bring their contents there, and graphs that bring
 * them back to show that they are there. TornadoVM moves only arrays that a task uses, so there are
 * tasks, which touch their arrays in no work-item: memory that the driver refused is an address all
 * the same, and a kernel that used it would end the process. {@link Arrival} looks first.
 *
 * <p>Nothing is copied on demand: TornadoVM waits for the event of such a copy, which is a wild
 * pointer if the copy failed. In a graph it does not.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class UploadGraph {
  /** Arrays of one task: each task is compiled. */
  private static final int ARRAYS = 8;

  /** An index that no work-item has, which a compiler cannot know. */
  private static final int NOBODY = 1 << 30;

  private final TaskGraph graph;
  private final GridScheduler grids;
  private final KernelContext context;
  private int tasks;

  private UploadGraph(String name, GridScheduler grids, KernelContext context) {
    graph = new TaskGraph(name);
    this.grids = grids;
    this.context = context;
  }

  /**
   * Brings arrays that stay on the device. Executed again it brings nothing, and hands all on.
   *
   * @param source the graph that hands over what is there before; null if that is nothing
   */
  static ImmutableTaskGraph ofResidents(
      String name,
      @Nullable String source,
      Object[] before,
      Object[] arrays,
      GridScheduler grids,
      KernelContext context) {
    UploadGraph upload = new UploadGraph(name, grids, context);
    if (source != null) {
      upload.graph.consumeFromDevice(source, before);
      upload.graph.persistOnDevice(before);
    }
    upload.graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
    upload.keep(arrays);
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
    upload.keep(input);
    upload.graph.persistOnDevice(program.residentArrays());
    upload.graph.persistOnDevice(input);
    return upload.graph.snapshot();
  }

  /**
   * Brings arrays back, and keeps no others: so to free this graph is to free them.
   *
   * @param name of the graph that brought them, and of this one: the kernels are the same
   */
  static ImmutableTaskGraph back(
      String name, GridScheduler grids, KernelContext context, Object... arrays) {
    UploadGraph back = new UploadGraph(name, grids, context);
    back.graph.consumeFromDevice(name, arrays);
    back.keep(arrays);
    back.graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays);
    back.graph.persistOnDevice(arrays);
    return back.graph.snapshot();
  }

  private void keep(Object... arrays) {
    List<FloatArray> floats = new ArrayList<>();
    List<IntArray> ints = new ArrayList<>();
    for (Object array : arrays) {
      switch (array) {
        case FloatArray some -> floats.add(some);
        case IntArray some -> ints.add(some);
        case HalfFloatArray some -> graph.task(id(), UploadGraph::keepHalves, context, some);
        default -> throw new IllegalArgumentException("no array: " + array);
      }
    }
    int next = 0;
    for (; next + ARRAYS <= floats.size(); next += ARRAYS) {
      graph.task(
          id(),
          UploadGraph::keepEight,
          context,
          floats.get(next),
          floats.get(next + 1),
          floats.get(next + 2),
          floats.get(next + 3),
          floats.get(next + 4),
          floats.get(next + 5),
          floats.get(next + 6),
          floats.get(next + 7));
    }
    for (FloatArray array : floats.subList(next, floats.size())) {
      graph.task(id(), UploadGraph::keepFloats, context, array);
    }
    next = 0;
    for (; next + ARRAYS <= ints.size(); next += ARRAYS) {
      graph.task(
          id(),
          UploadGraph::keepEightInts,
          context,
          ints.get(next),
          ints.get(next + 1),
          ints.get(next + 2),
          ints.get(next + 3),
          ints.get(next + 4),
          ints.get(next + 5),
          ints.get(next + 6),
          ints.get(next + 7));
    }
    for (IntArray array : ints.subList(next, ints.size())) {
      graph.task(id(), UploadGraph::keepInts, context, array);
    }
  }

  private String id() {
    String id = PlannedLaunch.KEEP.kernel() + "_" + tasks++;
    grids.addWorkerGrid(
        graph.getTaskGraphName() + "." + id, GraphRecorder.grid(PlannedLaunch.KEEP));
    return id;
  }

  /** Reads and writes as far as a compiler sees. */
  public static void keepFloats(KernelContext context, FloatArray array) {
    if (context.globalIdx == NOBODY) {
      array.set(0, array.get(0));
    }
  }

  /** As {@link #keepFloats}. */
  public static void keepHalves(KernelContext context, HalfFloatArray array) {
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

  /** As {@link #keepFloats}. */
  public static void keepEight(
      KernelContext context,
      FloatArray a,
      FloatArray b,
      FloatArray c,
      FloatArray d,
      FloatArray e,
      FloatArray f,
      FloatArray g,
      FloatArray h) {
    if (context.globalIdx == NOBODY) {
      a.set(0, a.get(0));
      b.set(0, b.get(0));
      c.set(0, c.get(0));
      d.set(0, d.get(0));
      e.set(0, e.get(0));
      f.set(0, f.get(0));
      g.set(0, g.get(0));
      h.set(0, h.get(0));
    }
  }

  /** As {@link #keepFloats}. */
  public static void keepEightInts(
      KernelContext context,
      IntArray a,
      IntArray b,
      IntArray c,
      IntArray d,
      IntArray e,
      IntArray f,
      IntArray g,
      IntArray h) {
    if (context.globalIdx == NOBODY) {
      a.set(0, a.get(0));
      b.set(0, b.get(0));
      c.set(0, c.get(0));
      d.set(0, d.get(0));
      e.set(0, e.get(0));
      f.set(0, f.get(0));
      g.set(0, g.get(0));
      h.set(0, h.get(0));
    }
  }
}
