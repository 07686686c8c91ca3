package io.github.tornadovit.kernels.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * One array of a {@link WeightLayout}: the slots of one section, one after the other.
 *
 * @param <A> what kernels take
 */
final class SlotArray<A> {
  private final String section;
  private final int unit;
  private final Function<FloatArray, A> view;
  private final List<WeightSlot<A>> slots = new ArrayList<>();
  private @Nullable A array;

  /**
   * @param section named in errors
   * @param unit floats per element
   * @param view makes of the floats what kernels take
   */
  SlotArray(String section, int unit, Function<FloatArray, A> view) {
    this.section = section;
    this.unit = unit;
    this.view = view;
  }

  void add(WeightSlot<A> slot) {
    slots.add(slot);
  }

  void remove(WeightSlot<A> slot) {
    slots.remove(slot);
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** The floats of all slots. */
  long floats() {
    return slots.stream().mapToLong(slot -> (long) slot.length() * unit).sum();
  }

  A array() {
    return Objects.requireNonNull(array, "the weights are not filled");
  }

  /** Allocates and fills. */
  void fill() {
    long floats = floats();
    if (floats > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the weights of '%s' are %d floats, one array holds at most %d"
              .formatted(section, floats, Integer.MAX_VALUE));
    }
    FloatArray values = new FloatArray((int) floats);
    values.init(0);
    int at = 0;
    for (WeightSlot<A> slot : slots) {
      slot.place(at / unit);
      int start = at;
      slot.filler().fill((index, value) -> values.set(start + index, value));
      at += slot.length() * unit;
    }
    array = view.apply(values);
  }
}
