package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.Task;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.tornado.DeviceProgram.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/**
 * Writes a program down as task graphs for one batch size: a graph for each section, a task or more
 * for each operation.
 *
 * <p>TornadoVM keeps compiled code by the names of graph and task, within a plan. So sections whose
 * kernels are the same, as those of the blocks of an encoder, are graphs of one name, with tasks of
 * the same names, and are compiled once. The price is that the host waits for every graph.
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
  private final Queue<PlannedLaunch> planned = new ArrayDeque<>();
  private final Map<List<Object>, String> names = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private int launches;

  /**
   * A task of a graph.
   *
   * @param reported the operation's share; null for what is no operation's
   */
  private record Step(Launch launch, Task task, @Nullable KernelTask reported) {
    /** All that its machine code depends on, and its grid. */
    List<Object> code() {
      return List.of(task.code(), launch);
    }

    int descriptorBytes() {
      return 15 + 5 * task.arguments();
    }
  }

  /**
   * A part of a pass.
   *
   * @param name of the graph, the same if the code is
   * @param tasks of operations, in order, by the ids that TornadoVM knows them by
   */
  record PassGraph(String name, ImmutableTaskGraph graph, SequencedMap<String, KernelTask> tasks) {
    PassGraph {
      tasks = Collections.unmodifiableSequencedMap(tasks);
    }
  }

  /**
   * The graphs of one batch size.
   *
   * @param batch images
   * @param input the host array to fill before an execution
   * @param bringInput to execute first
   * @param inputBack the graph that, executed after that, brings the input back
   * @param graphs to execute then, in order
   * @param launches that a run counts on the device
   */
  record Recorded(
      int batch,
      FloatArray input,
      ImmutableTaskGraph bringInput,
      ImmutableTaskGraph inputBack,
      List<PassGraph> graphs,
      int launches) {

    /** The tasks of the operations, in order. */
    List<KernelTask> tasks() {
      return graphs.stream().flatMap(graph -> graph.tasks().values().stream()).toList();
    }

    /**
     * Those of them that TornadoVM compiles, in that order; of graphs of one name those of the
     * first.
     *
     * @param lastAlways whether it compiles the last task of every graph
     */
    List<KernelTask> compiled(boolean lastAlways) {
      Map<String, PassGraph> first = new HashMap<>();
      List<KernelTask> compiled = new ArrayList<>();
      for (PassGraph graph : graphs) {
        PassGraph same = first.putIfAbsent(graph.name(), graph);
        if (same == null) {
          compiled.addAll(graph.tasks().values());
        } else if (lastAlways) {
          compiled.add(same.tasks().lastEntry().getValue());
        }
      }
      return compiled;
    }
  }

  /**
   * @param name of the graphs, unique in this JVM
   * @param loader the graph that hands over the resident arrays
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
    // Behind it is the number of its run.
    input = new FloatArray(Math.multiplyExact(batch, device.program().input().size()) + 1);
  }

  Recorded record() {
    task(Launches::begin, input, input.getSize() - 1);
    List<PassGraph> graphs = new ArrayList<>();
    List<Section> sections = device.sections();
    for (int i = 0; i < sections.size(); i++) {
      Section part = sections.get(i);
      record(part);
      List<Buffer> outputs =
          part.section().operations().stream()
              .map(Operation::output)
              .filter(device.program().outputs()::contains)
              .toList();
      requireRoom(part);
      graphs.add(graph(List.copyOf(steps), outputs, i == sections.size() - 1));
      steps.clear();
    }
    return new Recorded(
        batch,
        input,
        UploadGraph.ofInput(name + "_input", loader, device, input, grids, context),
        UploadGraph.back(name + "_input", grids, context, input),
        List.copyOf(graphs),
        launches);
  }

  /** TornadoVM would end a graph that does not fit with an overflow of a buffer. */
  private void requireRoom(Section part) {
    int bytes = steps.stream().mapToInt(Step::descriptorBytes).sum();
    if (bytes > DESCRIPTOR_BYTES) {
      throw new IllegalStateException(
          "section '%s' has %d tasks, %d bytes of a task graph's %d; make several sections of it"
              .formatted(part.section().name(), steps.size(), bytes, DESCRIPTOR_BYTES));
    }
  }

  /** A graph of some steps, which ends with copies of the outputs and, the last one, the count. */
  private PassGraph graph(List<Step> some, List<Buffer> outputs, boolean last) {
    List<Object> code = some.stream().<Object>map(Step::code).toList();
    TaskGraph graph =
        new TaskGraph(names.computeIfAbsent(code, unknown -> name + "_" + names.size()));
    graph.consumeFromDevice(loader, device.residentArrays());
    graph.consumeFromDevice(loader, input);
    graph.persistOnDevice(input); // First: see TornadoPlan.forgetReplays.
    SequencedMap<String, KernelTask> tasks = new LinkedHashMap<>();
    for (int i = 0; i < some.size(); i++) {
      Step step = some.get(i);
      String id = step.launch().kernel() + "_" + i;
      String known = graph.getTaskGraphName() + "." + id;
      step.task().adder().add(graph, id, context, device.launches());
      grids.addWorkerGrid(known, grid(step.launch()));
      if (step.reported() != null) {
        tasks.put(known, step.reported());
      }
    }
    if (!outputs.isEmpty()) {
      graph.transferToHost(
          DataTransferMode.EVERY_EXECUTION, outputs.stream().map(device::valueArray).toArray());
    }
    if (last) {
      graph.transferToHost(DataTransferMode.EVERY_EXECUTION, device.launches());
    }
    graph.persistOnDevice(device.residentArrays());
    return new PassGraph(graph.getTaskGraphName(), graph.snapshot(), tasks);
  }

  private void record(Section part) {
    for (int i = 0; i < part.kernels().size(); i++) {
      Operation operation = part.section().operations().get(i);
      DeviceOperation kernel = part.kernels().get(i);
      planned.addAll(
          PlannedLaunch.of(
              name,
              launches,
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
  public void add(Task task) {
    boolean first = launches++ == 0;
    PlannedLaunch next = first ? null : planned.remove();
    Launch launch = next == null ? PlannedLaunch.BEGIN : next.launch();
    requireGroup(launch);
    requireGrid(launch);
    steps.add(new Step(launch, task, next == null ? null : next.task()));
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
