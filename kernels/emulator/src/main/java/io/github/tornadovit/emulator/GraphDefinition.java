package io.github.tornadovit.emulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * The definition of a task graph: its tasks, and the arrays that are copied in, kept and copied
 * out. Arrays are told apart by identity.
 */
public final class GraphDefinition {
  private final String name;
  private final List<TaskNode> tasks = new ArrayList<>();
  private final Map<Object, Boolean> uploads = new LinkedHashMap<>();
  private final Map<Object, String> consumed = new LinkedHashMap<>();
  private final Set<Object> persisted = new LinkedHashSet<>();
  private final Set<Object> outputs = new LinkedHashSet<>();
  private final Set<Object> left = new LinkedHashSet<>();
  private final GraphState state = new GraphState(this);

  public GraphDefinition(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** Its buffers, which all plans that the graph is in share. */
  GraphState state() {
    return state;
  }

  /** What it copies to the host or keeps, in the order it was told. */
  Set<Object> left() {
    return left;
  }

  List<TaskNode> tasks() {
    return tasks;
  }

  /** Arrays copied to the device: before every execution (true), or before the first one. */
  Map<Object, Boolean> uploads() {
    return uploads;
  }

  /** Arrays that are on the device already, with the graph that is said to have left them there. */
  Map<Object, String> consumed() {
    return consumed;
  }

  /** Arrays that stay on the device for later graphs and for copies on demand. */
  Set<Object> persisted() {
    return persisted;
  }

  /** Arrays copied to the host after every execution. */
  Set<Object> outputs() {
    return outputs;
  }

  /**
   * Adds a task.
   *
   * @param kernel the class of its method reference
   */
  public void task(String task, Class<?> kernel, TaskNode.Body body, Object... arguments) {
    String fullName = name + "." + task;
    if (tasks.stream().anyMatch(other -> other.name().equals(fullName))) {
      throw new EmulatorException("graph '" + name + "' has two tasks of the name '" + task + "'");
    }
    int contexts = 0;
    for (Object argument : arguments) {
      if (argument instanceof KernelContext) {
        contexts++;
      } else if (!(HostArray.isArray(argument)
          || argument instanceof Integer
          || argument instanceof Float
          || argument instanceof Long)) {
        throw new EmulatorException(
            "task '%s' is given %s; kernels take FloatArray, HalfFloatArray, IntArray, int, long and float"
                .formatted(fullName, argument == null ? "null" : argument.getClass().getName()));
      }
    }
    if (contexts > 1) {
      throw new EmulatorException(
          "task '" + fullName + "' is given " + contexts + " KernelContexts");
    }
    tasks.add(new TaskNode(fullName, kernel, body, List.of(arguments)));
  }

  /** Adds arrays to copy to the device. */
  public void toDevice(int mode, Object... objects) {
    if (mode != DataTransferMode.FIRST_EXECUTION && mode != DataTransferMode.EVERY_EXECUTION) {
      throw bad(
          "transfers to the device with mode " + mode + "; use FIRST_EXECUTION or EVERY_EXECUTION");
    }
    for (Object object : objects) {
      Object array = array(object);
      if (uploads.put(array, mode == DataTransferMode.EVERY_EXECUTION) != null) {
        throw bad("transfers one array to the device twice");
      }
    }
  }

  /** Adds arrays to copy to the host, or to keep for a copy on demand. */
  public void toHost(int mode, Object... objects) {
    if (mode == DataTransferMode.FIRST_EXECUTION) {
      throw bad(
          "transfers to the host with FIRST_EXECUTION, which TornadoVM does after every execution");
    }
    Set<Object> to = mode == DataTransferMode.UNDER_DEMAND ? persisted : outputs;
    for (Object object : objects) {
      to.add(array(object));
      left.add(object);
    }
  }

  /** Adds arrays that another graph has left on the device. */
  public void consume(String source, Object... objects) {
    for (Object object : objects) {
      consumed.put(array(object), source);
    }
  }

  private Object array(Object object) {
    if (!HostArray.isArray(object)) {
      throw bad("transfers " + object + ", which is no FloatArray, HalfFloatArray or IntArray");
    }
    return object;
  }

  /** A copy that no longer changes, within TornadoVM's limits. */
  public GraphDefinition snapshot() {
    for (Object array : consumed.keySet()) {
      if (uploads.containsKey(array)) {
        throw bad("both consumes and uploads one array");
      }
    }
    GraphLimits.check(this, 0);
    var copy = new GraphDefinition(name);
    copy.tasks.addAll(tasks);
    copy.uploads.putAll(uploads);
    copy.consumed.putAll(consumed);
    copy.persisted.addAll(persisted);
    copy.outputs.addAll(outputs);
    copy.left.addAll(left);
    return copy;
  }

  private EmulatorException bad(String problem) {
    return new EmulatorException("graph '" + name + "' " + problem);
  }
}
