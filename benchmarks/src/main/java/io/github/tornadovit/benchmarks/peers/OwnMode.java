package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * Our engine as a contestant in something else than a forward pass from heap to heap.
 *
 * @param request what its turns ask for: {@code kernels} or {@code pipeline}
 * @param partMillis of the part that is told apart, the median of each {@link #measure}, which adds
 *     it
 */
public record OwnMode(WorkerProcess worker, String request, List<Double> partMillis)
    implements Contestant {

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
  public String version() {
    return worker.version();
  }

  @Override
  public float[] logits(int batch) {
    return worker.logits(batch);
  }

  @Override
  public List<Double> measure(int batch, Duration duration) {
    JsonNode answer = worker.ask(request, batch, duration);
    List<Double> parts = WorkerProcess.millis(answer.get("partNanos"));
    if (!parts.isEmpty()) {
      partMillis.add(Median.of(parts));
    }
    return WorkerProcess.millis(answer.get("nanos"));
  }

  @Override
  public Duration processorTime() {
    return worker.processorTime();
  }

  @Override
  public OptionalLong maxResidentBytes() {
    return worker.maxResidentBytes();
  }
}
