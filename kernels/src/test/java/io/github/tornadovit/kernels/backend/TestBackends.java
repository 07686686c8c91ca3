package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.testing.EveryLoops;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import java.util.List;
import java.util.stream.Stream;

/** Every backend that this machine can run, the reference first. Open for the whole test run. */
public final class TestBackends {
  /** Odd on purpose: tasks do not divide evenly. */
  private static final int THREADS = 3;

  private static final List<Backend> ALL =
      Stream.concat(
              Stream.of(new ReferenceBackend(), new TornadoBackend()),
              EveryLoops.all().map(loops -> new CpuBackend(loops, THREADS)))
          .toList();

  private TestBackends() {}

  /** The oracle. */
  public static Backend reference() {
    return ALL.getFirst();
  }

  /** All backends, the oracle included. */
  public static List<Backend> all() {
    return ALL;
  }
}
