package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.TornadoVitEngine;

/** The {@link Worker} of our engine. */
public final class TornadoVitWorker {
  private TornadoVitWorker() {}

  /** Serves. */
  public static void main(String[] arguments) {
    Worker.serve(arguments, TornadoVitEngine::new);
  }
}
