package io.github.tornadovit.kernels.testing;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.machinecode.MachineCode;
import io.github.tornadovit.kernels.vector.ForcedWidth;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The scalar loops and those of every vector length, which work on every machine; and those in
 * machine code, where they can be used.
 */
public final class EveryLoops {
  private static final List<InnerLoops> ALL =
      Stream.of(
              new ScalarLoops(),
              ForcedWidth.loops(128),
              ForcedWidth.loops(256),
              ForcedWidth.loops(512),
              MachineCode.of(new ScalarLoops()).loops())
          .filter(Objects::nonNull)
          .toList();

  private EveryLoops() {}

  /** One of each, always the same ones. */
  public static Stream<InnerLoops> all() {
    return ALL.stream();
  }
}
