package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights as they are: float32, row-major, one after the other.
 *
 * @param weights without any, one zero stands for them, as a kernel has to be given an array
 */
public record PlainWeights(List<Weight> weights) implements PackedWeight {
  public PlainWeights {
    weights = List.copyOf(weights);
  }

  /** Those of the weights that are there. */
  public static PlainWeights of(@Nullable Weight... weights) {
    List<Weight> present = new ArrayList<>();
    for (Weight weight : weights) {
      if (weight != null) {
        present.add(weight);
      }
    }
    return new PlainWeights(present);
  }

  @Override
  public long bytes() {
    return Float.BYTES
        * Math.max(
            1, weights.stream().mapToLong(weight -> (long) weight.rows() * weight.columns()).sum());
  }

  @Override
  public void writeTo(MemorySegment destination) {
    long at = 0;
    for (Weight weight : weights) {
      float[] values = weight.toArray();
      MemorySegment.copy(
          values, 0, destination, ValueLayout.JAVA_FLOAT_UNALIGNED, at, values.length);
      at += (long) Float.BYTES * values.length;
      weight.unload();
    }
  }
}
