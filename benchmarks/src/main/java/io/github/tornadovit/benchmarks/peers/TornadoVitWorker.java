package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.TornadoVitEngine;
import io.github.tornadovit.kernels.backend.BackendChoice;

/**
 * The {@link Worker} of our engine. One more argument, DEVICE, is the number of a device of
 * TornadoVM; without it the CPU backend computes.
 */
public final class TornadoVitWorker {
  private TornadoVitWorker() {}

  /** Serves. */
  public static void main(String[] arguments) {
    Worker.serve(
        arguments,
        setting ->
            arguments.length > Worker.ARGUMENTS
                ? new TornadoVitEngine(setting, BackendChoice.TORNADO, arguments[Worker.ARGUMENTS])
                : new TornadoVitEngine(setting));
  }
}
