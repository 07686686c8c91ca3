package io.github.tornadovit.kernels.execution;

import io.github.tornadovit.kernels.program.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a backend, each converted once to every layout that an operation asked for and
 * shared by all plans. A weight is known by identity; its arrays go when the backend closes or when
 * nobody refers to the weight any more, and the pages of its file as soon as it is converted. Safe
 * for use by several threads.
 */
public final class HostWeights {
  private static final Layout<float[]> ROWS = new Layout<>("rows", float[].class);

  private final Map<Weight, Map<Layout<?>, Object>> converted = new WeakHashMap<>();

  /**
   * A form of a weight.
   *
   * @param name tells forms apart
   * @param type of the values
   */
  public record Layout<T>(String name, Class<T> type) {}

  /** An empty store. */
  public HostWeights() {}

  /** The values as they are, row-major. */
  public float[] rows(Weight weight) {
    return get(weight, ROWS, Weight::toArray);
  }

  /**
   * The values in a layout.
   *
   * @param convert makes them; must not keep the weight
   */
  public synchronized <T> T get(Weight weight, Layout<T> layout, Function<Weight, T> convert) {
    Map<Layout<?>, Object> layouts = converted.computeIfAbsent(weight, key -> new HashMap<>());
    @Nullable T values = layout.type().cast(layouts.get(layout));
    if (values == null) {
      values = convert.apply(weight);
      weight.unload();
      layouts.put(layout, values);
    }
    return values;
  }

  /** Whether {@link #get} has them already. */
  public synchronized boolean has(Weight weight, Layout<?> layout) {
    return converted.getOrDefault(weight, Map.of()).containsKey(layout);
  }

  /** Forgets everything. */
  public synchronized void clear() {
    converted.clear();
  }
}
