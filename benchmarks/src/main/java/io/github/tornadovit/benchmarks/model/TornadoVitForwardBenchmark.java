package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.benchmarks.kernel.OperationBenchmark;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Param;

/** {@link ForwardBenchmark} of our engine. */
public class TornadoVitForwardBenchmark extends ForwardBenchmark {
  /** {@code cpu} or {@code tornado}. */
  @Param("cpu")
  public String backend = "cpu";

  /** Of TornadoVM, by number or a part of its name; nothing: the best. */
  @Param("")
  public String device = "";

  /** For JMH. */
  public TornadoVitForwardBenchmark() {}

  @Override
  protected ForwardEngine open(Path checkpoint, Path exported, int threads, ImageShape images) {
    return new TornadoVitEngine(
        new EngineSetting(checkpoint, threads, images, batch, precision),
        OperationBenchmark.choice(backend),
        OperationBenchmark.named(device));
  }
}
