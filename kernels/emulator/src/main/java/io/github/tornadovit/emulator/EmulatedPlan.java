package io.github.tornadovit.emulator;

import io.github.tornadovit.emulator.Faults.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * The graphs of one execution plan, with their device memory. Buffers belong to a graph, whichever
 * plan executes it; a graph that consumes takes them over from the graph that the plan ran before
 * it, so that an array stays on the device only while every graph carries it.
 */
public final class EmulatedPlan {
  private final List<GraphState> graphs = new ArrayList<>();
  private List<GraphState> selected;
  private @Nullable GraphState previous;
  private @Nullable GridScheduler grids;
  private TornadoDevice device = EmulatedDevice.runtime().getDefaultDevice();
  private boolean profile;
  private @Nullable Thread owner;
  private final Set<String> compiled = new HashSet<>();
  private boolean failed;
  private boolean closed;

  public EmulatedPlan(List<GraphDefinition> definitions) {
    for (GraphDefinition definition : definitions) {
      graphs.add(definition.state());
    }
    selected = List.copyOf(graphs);
    requireOneCodeForAName();
  }

  /** TornadoVM would run the code that it compiled first, without a word. */
  private void requireOneCodeForAName() {
    Map<String, List<Object>> first = new HashMap<>();
    for (GraphState graph : graphs) {
      for (TaskNode task : graph.definition.tasks()) {
        List<Object> same = first.putIfAbsent(task.name(), task.code());
        if (same != null && !same.equals(task.code())) {
          throw new EmulatorException(
              "two graphs have a task '%s', of code %s and %s; TornadoVM compiles one of them"
                  .formatted(task.name(), same, task.code()));
        }
      }
    }
  }

  /** Chooses the graph that executes from now on. */
  public void select(int index) {
    if (index < 0 || index >= graphs.size()) {
      throw new EmulatorException(
          "graph " + index + " is asked for, the plan has " + graphs.size());
    }
    selected = List.of(graphs.get(index));
  }

  public void selectAll() {
    selected = List.copyOf(graphs);
  }

  public void profile(boolean on) {
    profile = on;
  }

  /** Chooses a device of this emulator. */
  public void useDevice(TornadoDevice device) {
    if (!EmulatedDevice.runtime().getBackend(0).getAllDevices().contains(device)) {
      throw new EmulatorException("device " + device + " is not of the emulator");
    }
    this.device = device;
  }

  public TornadoDevice device(int graph) {
    graphs.get(graph);
    return device;
  }

  /**
   * Sets the grids of the tasks. Each has to be of a task of this plan; TornadoVM asks that of one
   * only.
   */
  public void useGrids(GridScheduler grids) {
    for (String name : grids.keySet()) {
      boolean known =
          graphs.stream()
              .flatMap(graph -> graph.definition.tasks().stream())
              .anyMatch(task -> task.name().equals(name));
      if (!known) {
        throw new EmulatorException("the grid '" + name + "' is of no task of the plan");
      }
    }
    this.grids = grids;
  }

  /** Forgets the grids. */
  public void useDefaultGrids() {
    grids = null;
  }

  /** Checks what can be checked without running. */
  public void compile() {
    checkUsable();
    for (GraphState graph : selected) {
      for (TaskNode task : graph.definition.tasks()) {
        if (GraphState.takesContext(task)) {
          NdRange.of(task.name(), grids == null ? null : grids.get(task.name()));
        }
      }
    }
  }

  /** Executes the chosen graphs in order. */
  public Profile execute() {
    checkUsable();
    checkThread();
    var times = new Profile(profile, device);
    failed = true;
    for (GraphState graph : selected) {
      execute(graph, times);
    }
    failed = false;
    return times;
  }

  private void execute(GraphState graph, Profile times) {
    times.begin(graph.definition.name());
    graph.consume(previous);
    times.copiedIn(graph.upload());
    int writes = 0;
    for (TaskNode task : graph.definition.tasks()) {
      if (compiled.add(task.name())) {
        Faults.strike(Operation.COMPILE, task.name());
      }
      if (Faults.strike(Operation.LAUNCH, task.name())) {
        graph.leave(task);
      } else {
        writes += TaskRun.run(task, graph, grids == null ? null : grids.get(task.name()));
      }
      times.ran(task.name());
    }
    GraphLimits.check(graph.definition, writes);
    times.copiedOut(graph.download());
    previous = graph;
  }

  /** Copies an array to the host, from the graph that ran last. */
  public void download(Object array) {
    download(array, 0, HostArray.isArray(array) ? HostArray.size(array) : 0);
  }

  /** Copies a range of an array to the host, from the graph that ran last. */
  public void download(Object array, int from, int count) {
    checkUsable();
    GraphState graph = previous;
    if (graph == null) {
      throw new EmulatorException("an array is transferred to the host before any graph ran");
    }
    if (!graph.definition.persisted().contains(array)) {
      throw graph.fault(
          "ran last and does not keep the array that is asked for; transferToHost(UNDER_DEMAND, …)"
              + " does");
    }
    DeviceBuffer buffer = graph.buffer(array);
    if (buffer == null) {
      throw graph.fault("keeps an array that none of its tasks makes");
    }
    if (from < 0 || count < 0 || count > HostArray.size(array) - from) {
      throw graph.fault(
          "is asked for elements %d to %d of an array of %d"
              .formatted(from, from + count, HostArray.size(array)));
    }
    graph.download(array, buffer, from, count);
  }

  /** Bytes of device memory that the plan holds. */
  public long deviceBytes() {
    Set<DeviceBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
    graphs.forEach(graph -> buffers.addAll(graph.buffers()));
    return buffers.stream().mapToLong(DeviceBuffer::bytes).sum();
  }

  /** Frees the device memory of the chosen graphs; their next execution uploads again. */
  public void free() {
    if (graphs.stream().anyMatch(GraphState::copyFailed)) {
      throw new EmulatorException(
          "the plan is freed after a copy failed, whose event TornadoVM never set; releasing it"
              + " may crash the JVM");
    }
    Faults.strike(Operation.FREE, "a plan"); // To TornadoVM it is free all the same.
    selected.forEach(GraphState::free);
    previous = null;
  }

  public void close() {
    free();
    closed = true;
  }

  private void checkUsable() {
    if (closed) {
      throw new EmulatorException("the plan is used after it was closed");
    }
    if (failed) {
      throw new EmulatorException(
          "the plan is used after an execution failed; TornadoVM may crash the JVM then");
    }
  }

  private void checkThread() {
    if (owner == null) {
      owner = Thread.currentThread();
    } else if (!owner.equals(Thread.currentThread())) {
      throw new EmulatorException(
          "the plan executes in %s and executed in %s before; TornadoVM keeps a queue for each thread"
              .formatted(Thread.currentThread(), owner));
    }
  }
}
