package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;

/** Runs blank images until code is compiled and the clock has settled. */
final class WarmUp {
  private static final long NANOS = 3_000_000_000L;

  private WarmUp() {}

  /** Passes of a batch: one at least, then for three seconds. */
  static void run(VisionModel model, int batch) {
    long start = System.nanoTime();
    do {
      model.session().warmUp(batch);
    } while (System.nanoTime() - start < NANOS);
  }
}
