package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The weights of a program as few device arrays: one per section of the program, so that equal
 * blocks have equal offsets and their kernels equal source, which drivers compile once; and one for
 * what several sections read. TornadoVM's task graphs have room for about a thousand nodes, an
 * array takes five.
 *
 * <p>First every kernel asks for its slots, then {@link #fill()} allocates and packs.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class WeightLayout {
  private final Map<String, SlotArray> arrays = new HashMap<>();
  private final List<SlotArray> order = new ArrayList<>();
  private final Map<List<?>, WeightSlot> slots = new HashMap<>();
  private final SlotArray shared = sectionArray("several sections");
  private String section = "";

  /** An empty layout. */
  public WeightLayout() {}

  /** The slots asked for from now on belong to the section of that name. */
  public void section(String name) {
    section = name;
  }

  /** Asks for what a kernel is given in place of weights that it does not read. */
  public WeightSlot nothing() {
    return floats(List.of("nothing"), 1, values -> {});
  }

  /**
   * Asks for floats.
   *
   * @param key weights and layout; what is asked for twice is packed once
   * @param length in floats
   */
  public WeightSlot floats(List<?> key, int length, WeightSlot.Filler filler) {
    SlotArray array = sectionArray(section);
    WeightSlot slot = slots.get(key);
    if (slot == null) {
      slot = new WeightSlot(length, filler, array);
      slots.put(key, slot);
      array.add(slot);
    } else if (slot.destination() != array && slot.destination() != shared) {
      slot.destination().remove(slot);
      slot.moveTo(shared);
      shared.add(slot);
    }
    return slot;
  }

  /** Asks for the values of weights as they are, row-major, one weight after the other. */
  public WeightSlot plain(Weight... weights) {
    int length = 0;
    for (Weight weight : weights) {
      length = Math.addExact(length, Math.multiplyExact(weight.rows(), weight.columns()));
    }
    return floats(
        List.of("plain", List.of(weights)),
        length,
        values -> {
          int at = 0;
          for (Weight weight : weights) {
            for (float value : weight.toArray()) {
              values.set(at++, value);
            }
            weight.unload();
          }
        });
  }

  /** Device memory for all slots, in bytes. */
  public long bytes() {
    return Float.BYTES * order.stream().mapToLong(SlotArray::floats).sum();
  }

  /** The largest array, in bytes. */
  public long largestBytes() {
    return Float.BYTES * order.stream().mapToLong(SlotArray::floats).max().orElse(0);
  }

  /** Allocates the arrays and packs the weights into them. */
  public void fill() {
    used().forEach(SlotArray::fill);
  }

  /** The filled arrays. */
  public List<FloatArray> arrays() {
    return used().map(SlotArray::array).toList();
  }

  private Stream<SlotArray> used() {
    return order.stream().filter(array -> !array.isEmpty());
  }

  private SlotArray sectionArray(String name) {
    return arrays.computeIfAbsent(
        name,
        key -> {
          SlotArray made = new SlotArray(key);
          order.add(made);
          return made;
        });
  }
}
