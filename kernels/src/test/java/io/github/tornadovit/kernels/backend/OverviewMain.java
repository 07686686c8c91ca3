package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.tornado.TornadoBackend;

/** Prints, in a JVM of its own, what there is to execute on, and how a named backend is refused. */
final class OverviewMain {
  private OverviewMain() {}

  public static void main(String[] arguments) {
    BackendOverview overview = Backends.overview();
    overview.backends().forEach(System.out::println);
    overview.devices().forEach(System.out::println);
    System.out.println("auto " + overview.automatic() + ": " + overview.automaticReason());
    BackendSelection selection = Backends.select(BackendChoice.AUTO, 1, null);
    System.out.println("selected " + selection.backend().device() + ", " + selection.reason());
    selection.backend().close();
    try (TornadoBackend named = new TornadoBackend()) {
      System.out.println("opened " + named.device());
    } catch (BackendException refused) {
      System.out.println("refused " + refused.getMessage());
    }
  }
}
