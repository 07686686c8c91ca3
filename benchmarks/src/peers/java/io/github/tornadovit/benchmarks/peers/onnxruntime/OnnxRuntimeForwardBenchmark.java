package io.github.tornadovit.benchmarks.peers.onnxruntime;

import ai.onnxruntime.OrtException;
import io.github.tornadovit.benchmarks.model.EngineSetting;
import io.github.tornadovit.benchmarks.model.ForwardBenchmark;
import io.github.tornadovit.benchmarks.model.ForwardEngine;
import io.github.tornadovit.benchmarks.model.ImageShape;
import java.nio.file.Path;

/** {@link ForwardBenchmark} of ONNX Runtime. */
public class OnnxRuntimeForwardBenchmark extends ForwardBenchmark {
  /** For JMH. */
  public OnnxRuntimeForwardBenchmark() {}

  @Override
  protected ForwardEngine open(Path checkpoint, Path exported, int threads, ImageShape images)
      throws OrtException {
    return new OnnxRuntimeEngine(
        new EngineSetting(exported.resolve("model.onnx"), threads, images, batch));
  }
}
