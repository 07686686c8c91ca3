package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of {@link TornadoHalfTiles}'s epilogue: {@code scale [n]}, then {@code bias [n]}
 * times the scale; float32.
 *
 * @param n outputs
 * @param bias {@code [n]}, or null for zeros
 * @param scale {@code [n]}, or null for ones
 */
record ScaledBias(int n, @Nullable Weight bias, @Nullable Weight scale) implements PackedWeight {
  @Override
  public long bytes() {
    return 2L * Float.BYTES * n;
  }

  @Override
  public void writeTo(MemorySegment destination) {
    float[] factors = new float[n];
    Arrays.fill(factors, 1);
    if (scale != null) {
      factors = scale.toArray();
    }
    float[] shifts = bias == null ? new float[n] : bias.toArray();
    for (int i = 0; i < n; i++) {
      destination.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * i, factors[i]);
      destination.set(
          ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * (n + i), factors[i] * shifts[i]);
    }
  }
}
