package io.github.tornadovit.kernels.launch;

/**
 * Where packed weights lie: elements {@code offset()} and following of {@code array()}. Known once
 * the {@link WeightLayout} is filled.
 *
 * @param <A> FloatArray, or VectorFloat16 with the offset counted in vectors of 16
 */
public final class WeightSlot<A> {
  private final int length;
  private final Filler filler;
  private SlotArray<A> destination;
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

  WeightSlot(int length, Filler filler, SlotArray<A> destination) {
    this.length = length;
    this.filler = filler;
    this.destination = destination;
  }

  SlotArray<A> destination() {
    return destination;
  }

  /** Moves a slot that has no place yet. */
  void moveTo(SlotArray<A> other) {
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
  public A array() {
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
