package io.github.tornadovit.kernels.testing;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.vector.ForcedWidth;
import java.util.List;
import java.util.stream.Stream;

/** The scalar loops and those of every vector length; all of them work on every machine. */
public final class EveryLoops {
  private static final List<InnerLoops> ALL =
      List.of(
          new ScalarLoops(),
          ForcedWidth.loops(128),
          ForcedWidth.loops(256),
          ForcedWidth.loops(512));

  private EveryLoops() {}

  /** One of each, always the same ones. */
  public static Stream<InnerLoops> all() {
    return ALL.stream();
  }
}
