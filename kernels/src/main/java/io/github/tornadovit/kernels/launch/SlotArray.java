package io.github.tornadovit.kernels.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** One array of a {@link WeightLayout}: the slots of one section, one after the other. */
final class SlotArray {
  private final String section;
  private final List<WeightSlot> slots = new ArrayList<>();
  private @Nullable FloatArray array;

  /**
   * @param section named in errors
   */
  SlotArray(String section) {
    this.section = section;
  }

  void add(WeightSlot slot) {
    slots.add(slot);
  }

  void remove(WeightSlot slot) {
    slots.remove(slot);
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** The floats of all slots. */
  long floats() {
    return slots.stream().mapToLong(slot -> slot.length()).sum();
  }

  FloatArray array() {
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
    for (WeightSlot slot : slots) {
      slot.place(at);
      int start = at;
      slot.filler().fill((index, value) -> values.set(start + index, value));
      at += slot.length();
    }
    array = values;
  }
}
