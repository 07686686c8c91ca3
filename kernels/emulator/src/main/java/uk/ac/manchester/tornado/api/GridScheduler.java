package uk.ac.manchester.tornado.api;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The grid of each task, by its full name {@code graph.task}. */
public class GridScheduler {
  private final Map<String, WorkerGrid> grids = new ConcurrentHashMap<>();

  public GridScheduler() {}

  public GridScheduler(String taskName, WorkerGrid grid) {
    addWorkerGrid(taskName, grid);
  }

  public final void addWorkerGrid(String taskName, WorkerGrid grid) {
    grids.put(taskName, grid);
  }

  /** The grid of a task, or null. */
  public WorkerGrid get(String taskName) {
    return grids.get(taskName);
  }

  public Set<String> keySet() {
    return grids.keySet();
  }
}
