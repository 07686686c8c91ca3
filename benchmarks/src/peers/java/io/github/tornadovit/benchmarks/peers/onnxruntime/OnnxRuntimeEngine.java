package io.github.tornadovit.benchmarks.peers.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.tornadovit.benchmarks.model.EngineSetting;
import io.github.tornadovit.benchmarks.model.ForwardEngine;
import io.github.tornadovit.benchmarks.model.ImageShape;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * ONNX Runtime on the CPU with all graph optimisations and its other defaults: idle threads spin
 * between operations, which makes it faster, and sleep soon after a pass.
 */
public final class OnnxRuntimeEngine implements ForwardEngine {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final ImageShape images;
  private final OrtSession session;

  /** Loads {@code model.onnx}. */
  public OnnxRuntimeEngine(EngineSetting setting) throws OrtException {
    images = setting.images();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(setting.threads());
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(setting.model().toString(), options);
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime (Java)";
  }

  @Override
  public String version() {
    return environment.getVersion();
  }

  @Override
  public float[] logits(float[] pixels, int batch) {
    long[] shape = {batch, images.channels(), images.height(), images.width()};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
        OrtSession.Result result = session.run(Map.of("pixel_values", input))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] logits = new float[values.remaining()];
      values.get(logits);
      return logits;
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
