package io.github.tornadovit.kernels.execution;

import io.github.tornadovit.kernels.program.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * The weights of a backend, each converted once to every layout that an operation asked for and
 * shared by all plans. A weight is known by identity; its arrays go when the backend closes or when
 * nobody refers to the weight any more, and the pages of its file as soon as it is converted. Safe
 * for use by several threads.
 */
public final class HostWeights {
  private final Map<Weight, Map<Object, float[]>> converted = new WeakHashMap<>();

  /** An empty store. */
  public HostWeights() {}

  /** The values as they are, row-major. */
  public float[] rows(Weight weight) {
    return get(weight, "rows", Weight::toArray);
  }

  /**
   * The values in a layout.
   *
   * @param layout tells layouts apart; equal layouts hold equal arrays
   * @param convert makes the array; must not keep the weight
   */
  public synchronized float[] get(Weight weight, Object layout, Function<Weight, float[]> convert) {
    Map<Object, float[]> layouts = converted.computeIfAbsent(weight, key -> new HashMap<>());
    float[] values = layouts.get(layout);
    if (values == null) {
      values = convert.apply(weight);
      weight.unload();
      layouts.put(layout, values);
    }
    return values;
  }

  /** Whether {@link #get} has the array already. */
  public synchronized boolean has(Weight weight, Object layout) {
    return converted.getOrDefault(weight, Map.of()).containsKey(layout);
  }

  /** Forgets everything. */
  public synchronized void clear() {
    converted.clear();
  }
}
