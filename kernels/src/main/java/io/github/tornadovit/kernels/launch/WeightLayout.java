package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.collections.VectorFloat16;

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
  private static final int VECTOR = 16;

  private final Kind<FloatArray> floats = new Kind<>("floats", 1, Function.identity());
  private final Kind<VectorFloat16> vectors = new Kind<>("vectors", VECTOR, VectorFloat16::new);
  private String section = "";

  /** An empty layout. */
  public WeightLayout() {}

  /** The slots asked for from now on belong to the section of that name. */
  public void section(String name) {
    section = name;
  }

  /** Asks for what a kernel is given in place of weights that it does not read. */
  public WeightSlot<FloatArray> nothing() {
    return floats(List.of("nothing"), 1, values -> {});
  }

  /**
   * Asks for floats.
   *
   * @param key weights and layout; what is asked for twice is packed once
   * @param length in floats
   */
  public WeightSlot<FloatArray> floats(List<?> key, int length, WeightSlot.Filler filler) {
    return floats.slot(section, key, length, filler);
  }

  /** Asks for the values of weights as they are, row-major, one weight after the other. */
  public WeightSlot<FloatArray> plain(Weight... weights) {
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

  /**
   * Asks for vectors of 16 floats.
   *
   * @param key weights and layout; what is asked for twice is packed once
   * @param length in vectors
   */
  public WeightSlot<VectorFloat16> vectors(List<?> key, int length, WeightSlot.Filler filler) {
    return vectors.slot(section, key, length, filler);
  }

  /** Device memory for all slots, in bytes. */
  public long bytes() {
    return Float.BYTES * (floats.floats().sum() + vectors.floats().sum());
  }

  /** The largest array, in bytes. */
  public long largestBytes() {
    return Float.BYTES * Stream.of(floats, vectors).mapToLong(Kind::largest).max().orElse(0);
  }

  /** Allocates the arrays and packs the weights into them. */
  public void fill() {
    floats.fill();
    vectors.fill();
  }

  /** The filled arrays of floats. */
  public List<FloatArray> floatArrays() {
    return floats.filled();
  }

  /** The filled arrays of vectors. */
  public List<VectorFloat16> vectorArrays() {
    return vectors.filled();
  }

  /** The arrays of one element type. */
  private static final class Kind<A> {
    private final String name;
    private final int unit;
    private final Function<FloatArray, A> view;
    private final SlotArray<A> shared;
    private final Map<String, SlotArray<A>> arrays = new HashMap<>();
    private final List<SlotArray<A>> order = new ArrayList<>();
    private final Map<List<?>, WeightSlot<A>> slots = new HashMap<>();

    Kind(String name, int unit, Function<FloatArray, A> view) {
      this.name = name;
      this.unit = unit;
      this.view = view;
      shared = array("several sections");
    }

    private SlotArray<A> array(String section) {
      return arrays.computeIfAbsent(
          section,
          key -> {
            SlotArray<A> made = new SlotArray<>(key + " (" + name + ")", unit, view);
            order.add(made);
            return made;
          });
    }

    WeightSlot<A> slot(String section, List<?> key, int length, WeightSlot.Filler filler) {
      SlotArray<A> array = array(section);
      WeightSlot<A> slot = slots.get(key);
      if (slot == null) {
        slot = new WeightSlot<>(length, filler, array);
        slots.put(key, slot);
        array.add(slot);
      } else if (slot.destination() != array && slot.destination() != shared) {
        slot.destination().remove(slot);
        slot.moveTo(shared);
        shared.add(slot);
      }
      return slot;
    }

    LongStream floats() {
      return order.stream().mapToLong(SlotArray::floats);
    }

    long largest() {
      return floats().max().orElse(0);
    }

    void fill() {
      used().forEach(SlotArray::fill);
    }

    List<A> filled() {
      return used().map(SlotArray::array).toList();
    }

    private Stream<SlotArray<A>> used() {
      return order.stream().filter(array -> !array.isEmpty());
    }
  }
}
