package io.github.tornadovit.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * Runs one task: gives each work-item device arrays and a KernelContext of its own in place of the
 * host's.
 */
final class TaskRun {
  private TaskRun() {}

  /**
   * Runs a task.
   *
   * @param grid the task's grid, needed if it takes a KernelContext
   * @return how many arrays it wrote
   */
  static int run(TaskNode task, GraphState graph, @Nullable WorkerGrid grid) {
    List<Object> given = task.arguments();
    Object[] views = given.toArray();
    List<Launch.Argument> arrays = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Object array = given.get(i);
      if (HostArray.isArray(array)) {
        DeviceBuffer buffer = graph.uploaded(array);
        views[i] = HostArray.view(array, buffer);
        if (arrays.stream().noneMatch(other -> other.buffer() == buffer)) {
          arrays.add(new Launch.Argument(buffer, HostArray.holdsFloats(array)));
          labels.add("argument %d (%s)".formatted(i + 1, HostArray.describe(array)));
        }
      }
    }
    NdRange range = GraphState.takesContext(task) ? NdRange.of(task.name(), grid) : NdRange.SINGLE;
    Consumer<WorkItem> kernel = item -> task.body().run(withContext(views, item));
    var launch = new Launch(task.name(), range, arrays, kernel);
    for (int i = 0; i < arrays.size(); i++) {
      arrays.get(i).buffer().bind(launch, labels.get(i));
    }
    launch.run();
    int writes = 0;
    for (Launch.Argument argument : arrays) {
      writes += argument.buffer().unbind() ? 1 : 0;
    }
    return writes;
  }

  private static Object[] withContext(Object[] views, WorkItem item) {
    Object[] arguments = views.clone();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof KernelContext) {
        arguments[i] = new KernelContext(item);
      }
    }
    return arguments;
  }
}
