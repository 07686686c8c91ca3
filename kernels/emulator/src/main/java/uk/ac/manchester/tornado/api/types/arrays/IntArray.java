package uk.ac.manchester.tornado.api.types.arrays;

import io.github.tornadovit.emulator.DeviceBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An array of ints. */
public final class IntArray extends TornadoNativeArray {
  public IntArray(int size) {
    super(allocate(size));
  }

  private IntArray(MemorySegment segment) {
    super(segment);
  }

  /** What a kernel sees of an array. */
  @SuppressWarnings("exports")
  public IntArray(DeviceBuffer device, int size) {
    super(device, size);
  }

  public static IntArray fromArray(int[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  public static IntArray fromElements(int... values) {
    return fromArray(values);
  }

  /** A copy of a segment of elements. */
  public static IntArray fromSegment(MemorySegment elements) {
    var array = new IntArray(Math.toIntExact(elements.byteSize() / Integer.BYTES));
    array.data.copyFrom(elements);
    return array;
  }

  /** A view of a segment whose first bytes are room for the header. */
  public static IntArray fromSegmentShallow(MemorySegment withHeader) {
    return new IntArray(withHeader);
  }

  public int get(int index) {
    if (device != null) {
      return device.read(index);
    }
    return data.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  public void set(int index, int value) {
    if (device != null) {
      device.write(index, value);
    } else {
      data.setAtIndex(ValueLayout.JAVA_INT, index, value);
    }
  }

  public void init(int value) {
    for (int i = 0; i < host(data).byteSize() / Integer.BYTES; i++) {
      data.setAtIndex(ValueLayout.JAVA_INT, i, value);
    }
  }

  public void clear() {
    init(0);
  }

  public int[] toHeapArray() {
    return host(data).toArray(ValueLayout.JAVA_INT);
  }
}
