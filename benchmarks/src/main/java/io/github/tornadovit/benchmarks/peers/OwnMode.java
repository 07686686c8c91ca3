package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Our engine as a contestant in something else than a forward pass from heap to heap.
 *
 * @param request what its turns ask for: {@code kernels} or {@code pipeline}
 * @param partMillis of the part that is told apart, the median of each {@link #measure}, which adds
 *     it
 */
public record OwnMode(WorkerProcess worker, String request, List<Double> partMillis)
    implements EngineProcess {

  /** The kernels of a forward pass alone. */
  public static OwnMode kernels(WorkerProcess worker) {
    return new OwnMode(worker, "kernels", new ArrayList<>());
  }

  /** From image files to logits; the part is that of decoding and preprocessing. */
  public static OwnMode pipeline(WorkerProcess worker) {
    return new OwnMode(worker, "pipeline", new ArrayList<>());
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public float[] logits(int batch) {
    return worker.logits(batch);
  }

  @Override
  public long[] measure(int batch, long nanos) {
    JsonNode answer = worker.ask(request, batch, nanos);
    long[] parts = WorkerProcess.nanos(answer.get("partNanos"));
    if (parts.length > 0) {
      partMillis.add(Median.ofNanos(parts) * 1e-6);
    }
    return WorkerProcess.nanos(answer.get("nanos"));
  }

  @Override
  public Duration processorTime() {
    return worker.processorTime();
  }
}
