package io.github.tornadovit.benchmarks.peers.djl;

import io.github.tornadovit.benchmarks.model.EngineSetting;
import io.github.tornadovit.benchmarks.model.ForwardBenchmark;
import io.github.tornadovit.benchmarks.model.ForwardEngine;
import io.github.tornadovit.benchmarks.model.ImageShape;
import java.nio.file.Path;

/** {@link ForwardBenchmark} of PyTorch through DJL. */
public class DjlForwardBenchmark extends ForwardBenchmark {
  /** For JMH. */
  public DjlForwardBenchmark() {}

  @Override
  protected ForwardEngine open(Path checkpoint, Path exported, int threads, ImageShape images)
      throws Exception {
    return new DjlEngine(new EngineSetting(exported.resolve("model.pt"), threads, images, batch));
  }
}
