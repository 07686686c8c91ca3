package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.tornado.TornadoBackend;

/** Chooses a backend, and explains the choice. */
public final class Backends {
  private Backends() {}

  /**
   * Opens the backend that the user asks for.
   *
   * @param choice which
   * @param threads of the CPU backend, 0 for one per available processor
   * @throws BackendException if a named backend cannot be used here
   */
  public static BackendSelection select(BackendChoice choice, int threads) {
    return switch (choice) {
      case REFERENCE -> new BackendSelection(new ReferenceBackend(), "asked for by name");
      case CPU -> new BackendSelection(new CpuBackend(threads), "asked for by name");
      case TORNADO -> new BackendSelection(new TornadoBackend(), "asked for by name");
      case AUTO -> automatic(threads);
    };
  }

  /** TornadoVM where this JVM was started with it and it has a device, else the CPU; says why. */
  private static BackendSelection automatic(int threads) {
    String runtime = System.getProperty("tornado.load.runtime.implementation");
    if (runtime == null) {
      return new BackendSelection(
          new CpuBackend(threads), "auto: this JVM was started without TornadoVM");
    }
    if (runtime.equals("emulator")) {
      return new BackendSelection(
          new CpuBackend(threads), "auto: TornadoVM's emulator checks kernels and is no device");
    }
    try {
      TornadoBackend tornado = new TornadoBackend();
      if (tornado.isGpu()) {
        return new BackendSelection(tornado, "auto: TornadoVM has a GPU");
      }
      String device = tornado.device().name();
      tornado.close();
      return new BackendSelection(
          new CpuBackend(threads), "auto: TornadoVM's default device is no GPU: " + device);
    } catch (BackendException unusable) {
      return new BackendSelection(new CpuBackend(threads), "auto: " + unusable.getMessage());
    }
  }
}
