package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Starts engines several times, in turns, and keeps the last process of each.
 *
 * @param workers running, in the order of the engines
 * @param firstLabelMillis the median over the starts, in the same order
 */
public record Startup(List<WorkerProcess> workers, List<Double> firstLabelMillis)
    implements AutoCloseable {

  /**
   * Starts.
   *
   * @param starts how often, at least 1
   */
  public static Startup of(List<Supplier<WorkerProcess>> engines, int starts) {
    List<List<Double>> millis = new ArrayList<>();
    engines.forEach(engine -> millis.add(new ArrayList<>()));
    List<WorkerProcess> kept = new ArrayList<>();
    try {
      for (int start = 0; start < starts; start++) {
        for (int i = 0; i < engines.size(); i++) {
          WorkerProcess worker = engines.get(i).get();
          millis.get(i).add(worker.firstLabelMillis());
          if (start == starts - 1) {
            kept.add(worker);
          } else {
            worker.close();
          }
        }
      }
    } catch (RuntimeException | Error failure) {
      kept.forEach(WorkerProcess::close);
      throw failure;
    }
    return new Startup(List.copyOf(kept), millis.stream().map(Median::of).toList());
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
  }
}
