package io.github.tornadovit.kernels.backend;

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
      case TORNADO ->
          throw new BackendException(
              choice.toString(), "this build has no TornadoVM kernels yet; use cpu or auto");
      case AUTO ->
          new BackendSelection(
              new CpuBackend(threads), "auto: this build has no TornadoVM kernels yet");
    };
  }
}
