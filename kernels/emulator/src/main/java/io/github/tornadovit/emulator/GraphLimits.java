package io.github.tornadovit.emulator;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * The sizes of TornadoVM 5.2.0's fixed tables, and what a graph takes of each: found by
 * measurement.
 */
final class GraphLimits {
  private static final int MAX_ARGUMENTS = 20;
  private static final int MAX_TASKS = 256;
  private static final int MAX_DESCRIPTOR_BYTES = 8192;
  private static final int MAX_NODES = 1024;

  /** TornadoVM's default; its flag of the same name raises it. */
  private static final int DEFAULT_BYTECODE_BYTES = 4096;

  private GraphLimits() {}

  /**
   * Refuses a graph that TornadoVM has no room for.
   *
   * @param writes arrays written, summed over the tasks; 0 before the graph has run
   */
  static void check(GraphDefinition graph, int writes) {
    Set<Object> scalars = new HashSet<>();
    Set<Object> arrays = new HashSet<>();
    int descriptor = 0;
    int bytecode = 0;
    for (TaskNode task : graph.tasks()) {
      List<Object> arguments = task.arguments();
      limit("task '" + task.name() + "'", arguments.size(), "arguments", MAX_ARGUMENTS, "");
      descriptor += 15 + 5 * arguments.size();
      bytecode += 33 + 5 * arguments.size();
      for (Object argument : arguments) {
        boolean array = HostArray.isArray(argument) || argument instanceof KernelContext;
        (array ? arrays : scalars).add(argument);
      }
    }
    int tasks = graph.tasks().size();
    int nodes =
        1 + scalars.size() + 3 * arrays.size() + 2 * tasks + writes + graph.outputs().size();
    int bytecodes = Integer.getInteger("tornado.tvm.maxbytecodesize", DEFAULT_BYTECODE_BYTES);
    String name = "graph '" + graph.name() + "'";
    limit(name, tasks, "tasks", MAX_TASKS, "");
    limit(name, descriptor, "bytes of descriptor", MAX_DESCRIPTOR_BYTES, "");
    limit(name, nodes, "nodes", MAX_NODES, "");
    limit(
        name,
        bytecode,
        "bytes of bytecode",
        bytecodes,
        "; -Dtornado.tvm.maxbytecodesize raises it");
  }

  private static void limit(String who, int has, String what, int limit, String remedy) {
    if (has > limit) {
      throw new EmulatorException(
          "%s has %d %s, TornadoVM takes at most %d%s".formatted(who, has, what, limit, remedy));
    }
  }
}
