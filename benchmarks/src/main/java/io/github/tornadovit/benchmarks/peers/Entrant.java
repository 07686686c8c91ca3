package io.github.tornadovit.benchmarks.peers;

import org.jspecify.annotations.Nullable;

/**
 * One that takes part: an engine, and for ours what it runs on.
 *
 * @param device number of a device of TornadoVM; null for the CPU backend, and for the peers
 */
public record Entrant(Engine engine, @Nullable Integer device) {

  /** An engine on the CPU. */
  public static Entrant of(Engine engine) {
    return new Entrant(engine, null);
  }

  /** Our engine on a device of TornadoVM. */
  public static Entrant onDevice(int device) {
    return new Entrant(Engine.TORNADO_VIT, device);
  }

  /** Whether it must compute what our CPU backend does: float32 is the same everywhere. */
  public boolean mustAgree() {
    return engine.precision().equals("f32");
  }

  /** Its name in error messages and results. */
  public String id() {
    return device == null ? engine.option() : engine.option() + ":device-" + device;
  }
}
