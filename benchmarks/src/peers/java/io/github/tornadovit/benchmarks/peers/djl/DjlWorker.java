package io.github.tornadovit.benchmarks.peers.djl;

import io.github.tornadovit.benchmarks.peers.Worker;

/** The {@link Worker} of PyTorch through DJL. */
public final class DjlWorker {
  private DjlWorker() {}

  /** Serves. */
  public static void main(String[] arguments) {
    Worker.serve(arguments, DjlEngine::new);
  }
}
