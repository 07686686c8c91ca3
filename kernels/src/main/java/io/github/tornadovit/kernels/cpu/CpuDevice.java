package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of a CPU backend work with. Owned by the backend and shared by its plans.
 *
 * @param loops the arithmetic of one core
 * @param team the threads
 * @param scratch memory of each thread
 * @param weights the converted weights
 */
public record CpuDevice(InnerLoops loops, ThreadTeam team, Scratch scratch, HostWeights weights)
    implements AutoCloseable {
  private static final String PANELS = "panels";

  /**
   * A device of its own team of threads.
   *
   * @throws IllegalArgumentException if there is not at least one
   */
  public static CpuDevice open(InnerLoops loops, int threads) {
    ThreadTeam team = new ThreadTeam(threads);
    try {
      return new CpuDevice(loops, team, new Scratch(threads), new HostWeights());
    } catch (OutOfMemoryError failure) {
      team.close();
      throw failure;
    }
  }

  /**
   * Packs weights that {@link #panels} will be asked for, a thread per weight: a new array costs as
   * much as filling it, and only so do the threads share that cost.
   */
  public void pack(Collection<Weight> factors) {
    List<Weight> missing =
        factors.stream().distinct().filter(factor -> !weights.has(factor, PANELS)).toList();
    float[][] packed = new float[missing.size()][];
    team.run(
        packed.length,
        (task, worker) -> {
          packed[task] = Panels.pack(missing.get(task), loops.panelColumns());
          missing.get(task).unload(); // Now, so that the whole file is never in memory as well.
        });
    for (int i = 0; i < packed.length; i++) {
      float[] panels = packed[i];
      weights.get(missing.get(i), PANELS, key -> panels);
    }
  }

  /** The weight {@code [N, K]} as the right factor of a product, see {@link Panels}. */
  public float[] panels(Weight weight) {
    return weights.get(weight, PANELS, key -> Panels.pack(key, loops.panelColumns()));
  }

  /** A vector of the weight's values, padded with zeros to whole panels; zeros for null. */
  public float[] paddedVector(@Nullable Weight weight, int length) {
    int padded = Panels.padded(length, loops.panelColumns());
    if (weight == null) {
      return new float[padded];
    }
    return weights.get(
        weight,
        "padded",
        key -> {
          float[] values = new float[padded];
          key.copyRows(0, 1, values, 0);
          return values;
        });
  }

  /** Ends the threads and forgets the weights. Idempotent. */
  @Override
  public void close() {
    team.close();
    weights.clear();
  }
}
