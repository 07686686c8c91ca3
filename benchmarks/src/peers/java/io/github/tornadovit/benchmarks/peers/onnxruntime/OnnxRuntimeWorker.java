package io.github.tornadovit.benchmarks.peers.onnxruntime;

import io.github.tornadovit.benchmarks.peers.Worker;

/** The {@link Worker} of ONNX Runtime. */
public final class OnnxRuntimeWorker {
  private OnnxRuntimeWorker() {}

  /** Serves. */
  public static void main(String[] arguments) {
    Worker.serve(arguments, OnnxRuntimeEngine::new);
  }
}
