package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.vector.ForcedWidth;
import java.util.List;
import java.util.stream.Stream;

/** Every backend that this machine can run, the reference first. Open for the whole test run. */
public final class TestBackends {
  /** The vector lengths that the CPU backend knows; all of them work on every machine. */
  private static final List<Integer> WIDTHS = List.of(128, 256, 512);

  private static final List<Backend> ALL =
      Stream.concat(
              Stream.of(new ReferenceBackend(), cpu(new ScalarLoops(), 2)),
              WIDTHS.stream().map(bits -> cpu(ForcedWidth.loops(bits), bits == 256 ? 3 : 2)))
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

  /** A CPU backend with the given arithmetic. */
  public static Backend cpu(InnerLoops loops, int threads) {
    return new CpuBackend(loops, threads);
  }
}
