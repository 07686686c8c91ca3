package io.github.tornadovit.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The local memory of one group in one trial. Arrays hold poison at first, of another kind in each
 * trial: what a kernel makes of it differs from one to the other.
 */
final class LocalMemory {
  /** What every device of interest offers to one group. */
  static final int MAX_BYTES = 48 * 1024;

  /** Kinds of poison: NaN and very negative, or finite of either sign. */
  enum Poison {
    NAN,
    FINITE
  }

  private final Launch launch;
  private final Poison poison;
  private final List<Object> arrays = new ArrayList<>();
  private int bytes;

  LocalMemory(Launch launch, Poison poison) {
    this.launch = launch;
    this.poison = poison;
  }

  /** The group's array of this number; the first work-item that asks makes it. */
  float[] floats(int number, int length) {
    Object array = allocate(number, length, this::poisonedFloats);
    if (array instanceof float[] floats && floats.length == length) {
      return floats;
    }
    throw different(number, "float", length);
  }

  int[] ints(int number, int length) {
    Object array = allocate(number, length, this::poisonedInts);
    if (array instanceof int[] ints && ints.length == length) {
      return ints;
    }
    throw different(number, "int", length);
  }

  private Object allocate(int number, int length, IntFunction<Object> create) {
    if (number < arrays.size()) {
      return arrays.get(number);
    }
    bytes = Math.addExact(bytes, Math.multiplyExact(4, length));
    if (bytes > MAX_BYTES) {
      throw launch.fault(
          "allocates %d bytes of local memory, at most %d fit everywhere"
              .formatted(bytes, MAX_BYTES));
    }
    Object array = create.apply(length);
    arrays.add(array);
    return array;
  }

  private EmulatorException different(int number, String type, int length) {
    return launch.fault(
        "allocates local array %d as %s[%d], another work-item of its group differently"
            .formatted(number, type, length));
  }

  private Object poisonedFloats(int length) {
    var array = new float[length];
    for (int i = 0; i < length; i++) {
      array[i] = poison == Poison.NAN ? Float.NaN : (i % 2 == 0 ? 3e5f : -3e5f) + i;
    }
    return array;
  }

  private Object poisonedInts(int length) {
    var array = new int[length];
    Arrays.setAll(array, i -> poison == Poison.NAN ? Integer.MIN_VALUE + i : 1_000_003 + i);
    return array;
  }
}
