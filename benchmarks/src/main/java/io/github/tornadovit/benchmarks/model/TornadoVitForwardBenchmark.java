package io.github.tornadovit.benchmarks.model;

import java.nio.file.Path;

/** {@link ForwardBenchmark} of our engine. */
public class TornadoVitForwardBenchmark extends ForwardBenchmark {
  /** For JMH. */
  public TornadoVitForwardBenchmark() {}

  @Override
  protected ForwardEngine open(Path checkpoint, Path exported, int threads, ImageShape images) {
    return new TornadoVitEngine(new EngineSetting(checkpoint, threads, images));
  }
}
