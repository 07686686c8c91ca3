package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.tornado.DeviceProgram.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Writes a program down as task graphs for one batch size: a task or more per operation. One graph
 * holds a whole base-size encoder; a deeper one goes into several, cut between sections.
 *
 * <p>Every graph takes all resident arrays over from the graph that ran before and leaves them for
 * the next: TornadoVM hands arrays on in no other way.
 */
final class GraphRecorder implements TaskRecorder {
  /** TornadoVM's descriptor of a graph has 8,192 bytes, a task takes 15 + 5 per argument. */
  private static final int DESCRIPTOR_BYTES = 8192;

  /** CUDA's limit along y and z. */
  private static final int CUDA_GROUPS = 65_535;

  private final DeviceProgram device;
  private final TornadoTarget target;
  private final KernelContext context;
  private final GridScheduler grids;
  private final String name;
  private final String loader;
  private final int batch;
  private final FloatArray input;
  private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
  private final List<KernelTask> tasks = new ArrayList<>();
  private TaskGraph graph;
  private final Queue<PlannedLaunch> planned = new ArrayDeque<>();
  private int bytesInGraph;
  private int launches;
  private boolean counted;

  /**
   * The graphs of one batch size.
   *
   * @param batch images
   * @param input the host array to fill before an execution
   * @param graphs to execute in order; the first one brings the input
   * @param inputBack the graph that, executed after the first one, brings the input back
   * @param tasks of all graphs, in order
   * @param launches that a run counts on the device
   */
  record Recorded(
      int batch,
      FloatArray input,
      List<ImmutableTaskGraph> graphs,
      ImmutableTaskGraph inputBack,
      List<KernelTask> tasks,
      int launches) {}

  /**
   * @param name of the graphs, unique in this JVM
   * @param loader the graph that uploads the resident arrays
   * @param grids takes the grids of all tasks
   */
  GraphRecorder(
      String name,
      String loader,
      DeviceProgram device,
      TornadoTarget target,
      KernelContext context,
      GridScheduler grids,
      int batch) {
    this.name = name;
    this.loader = loader;
    this.device = device;
    this.target = target;
    this.context = context;
    this.grids = grids;
    this.batch = batch;
    input = new FloatArray(Math.multiplyExact(batch, device.program().input().size()) + 1);
    graphs.add(UploadGraph.ofInput(name + "_input", loader, device, input, grids, context));
    graph = begin();
  }

  Recorded record() {
    Set<Buffer> ready = new LinkedHashSet<>();
    for (Section part : device.sections()) {
      int bytesOfPart =
          part.kernels().stream()
              .mapToInt(
                  kernel ->
                      kernel.launches(batch, target.tiling()).size()
                          * taskBytes(kernel.arguments()))
              .sum();
      if (bytesInGraph + bytesOfPart > DESCRIPTOR_BYTES && bytesInGraph > 0) {
        end(ready);
        graph = begin();
      }
      bytesInGraph += bytesOfPart;
      record(part);
      part.section().operations().stream()
          .map(Operation::output)
          .filter(device.program().outputs()::contains)
          .forEach(ready::add);
    }
    end(ready);
    ImmutableTaskGraph inputBack =
        UploadGraph.inputBack(name + "_back", loader, device, input, grids, context);
    return new Recorded(batch, input, List.copyOf(graphs), inputBack, List.copyOf(tasks), launches);
  }

  private static int taskBytes(int arguments) {
    return 15 + 5 * arguments;
  }

  /** Begins a graph; the first one with the kernel that begins to count. */
  private TaskGraph begin() {
    TaskGraph begun = new TaskGraph(name + "_" + graphs.size());
    begun.consumeFromDevice(loader, device.residentArrays());
    begun.consumeFromDevice(loader, input);
    bytesInGraph = 0;
    counted = false;
    if (launches == 0) {
      grids.addWorkerGrid(
          begun.getTaskGraphName() + "." + PlannedLaunch.BEGIN.kernel(), grid(PlannedLaunch.BEGIN));
      begun.task(
          PlannedLaunch.BEGIN.kernel(),
          Launches::begin,
          context,
          input,
          launches(),
          input.getSize() - 1);
      bytesInGraph += taskBytes(4);
    }
    return begun;
  }

  /** Ends the graph with copies of the outputs that are ready. */
  private void end(Set<Buffer> ready) {
    if (!ready.isEmpty()) {
      graph.transferToHost(
          DataTransferMode.EVERY_EXECUTION, ready.stream().map(device::valueArray).toArray());
      ready.clear();
    }
    if (counted) { // Else TornadoVM would have nothing to copy.
      graph.transferToHost(DataTransferMode.EVERY_EXECUTION, device.launches());
    }
    graph.persistOnDevice(device.residentArrays());
    graph.persistOnDevice(input);
    graphs.add(graph.snapshot());
  }

  private void record(Section part) {
    for (int i = 0; i < part.kernels().size(); i++) {
      Operation operation = part.section().operations().get(i);
      DeviceOperation kernel = part.kernels().get(i);
      planned.addAll(
          PlannedLaunch.of(
              graph.getTaskGraphName(),
              tasks.size(),
              part.section().name(),
              operation,
              kernel,
              batch,
              target.tiling(),
              device.halves()));
      kernel.record(this);
      if (!planned.isEmpty()) {
        throw new IllegalStateException(
            "the kernel of '%s' has launches that it does not record: %s"
                .formatted(operation.output(), planned));
      }
    }
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Tiling tiling() {
    return target.tiling();
  }

  @Override
  public TaskGraph graph() {
    return graph;
  }

  @Override
  public KernelContext context() {
    return context;
  }

  @Override
  public IntArray launches() {
    launches++;
    counted = true;
    return device.launches();
  }

  @Override
  public FloatArray array(Buffer buffer) {
    return buffer.equals(device.program().input()) ? input : device.array(buffer);
  }

  @Override
  public HalfFloatArray halves(Buffer buffer) {
    return device.halves(buffer);
  }

  @Override
  public Place place(PackedWeight weight) {
    return device.place(weight);
  }

  @Override
  public String next() {
    PlannedLaunch next = planned.remove();
    Launch launch = next.launch();
    requireGroup(launch);
    requireGrid(launch);
    tasks.add(next.task());
    grids.addWorkerGrid(next.task().id(), grid(launch));
    return next.id();
  }

  /** A launch's grid as TornadoVM takes it. */
  static WorkerGrid grid(Launch launch) {
    WorkerGrid grid =
        new WorkerGrid3D(
            Math.multiplyExact(launch.groupsX(), launch.groupSize()),
            launch.groupsY(),
            launch.groupsZ());
    grid.setLocalWork(launch.groupSize(), 1, 1);
    return grid;
  }

  /** Refuses by name what a driver would refuse with a number, or TornadoVM shrink unasked. */
  private void requireGroup(Launch launch) {
    DeviceDescription has = target.description();
    if (launch.groupSize() > has.maxWorkGroupSize()
        || launch.localBytes() > has.localMemoryBytes()) {
      throw new BackendException(
          "tornado",
          ("the kernel '%s' needs work-groups of %d with %d bytes of local memory, device '%s' has"
                  + " at most %d and %d; choose another device, or use backend cpu")
              .formatted(
                  launch.kernel(),
                  launch.groupSize(),
                  launch.localBytes(),
                  target.name(),
                  has.maxWorkGroupSize(),
                  has.localMemoryBytes()));
    }
  }

  private void requireGrid(Launch launch) {
    if (target.isCuda() && Math.max(launch.groupsY(), launch.groupsZ()) > CUDA_GROUPS) {
      throw new BackendException(
          "tornado",
          "the kernel '%s' needs %d x %d x %d work-groups, CUDA takes at most %d along y and z; use a smaller batch"
              .formatted(
                  launch.kernel(),
                  launch.groupsX(),
                  launch.groupsY(),
                  launch.groupsZ(),
                  CUDA_GROUPS));
    }
  }
}
