package io.github.tornadovit.kernels.launch;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Where packed weights lie: elements {@code offset()} and following of {@code array()}. Known once
 * the {@link WeightLayout} is filled.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class WeightSlot {
  private final int length;
  private final Filler filler;
  private SlotArray destination;
  private int offset = -1;

  /** Writes packed values; what it leaves is zero. */
  public interface Filler {
    /** Writes elements, counted from the start of the slot. */
    void fill(Values values);
  }

  /** The elements of a slot, in floats. */
  public interface Values {
    void set(int index, float value);
  }

  WeightSlot(int length, Filler filler, SlotArray destination) {
    this.length = length;
    this.filler = filler;
    this.destination = destination;
  }

  SlotArray destination() {
    return destination;
  }

  /** Moves a slot that has no place yet. */
  void moveTo(SlotArray other) {
    destination = other;
  }

  int length() {
    return length;
  }

  void place(int at) {
    offset = at;
  }

  Filler filler() {
    return filler;
  }

  /** The array that holds the slot. */
  public FloatArray array() {
    return destination.array();
  }

  /** The first element of the slot. */
  public int offset() {
    if (offset < 0) {
      throw new IllegalStateException("the weights have no place yet");
    }
    return offset;
  }
}
