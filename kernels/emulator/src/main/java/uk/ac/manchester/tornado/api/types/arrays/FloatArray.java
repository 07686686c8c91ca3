package uk.ac.manchester.tornado.api.types.arrays;

import io.github.tornadovit.emulator.DeviceBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An array of floats. */
public final class FloatArray extends TornadoNativeArray {
  public FloatArray(int size) {
    super(allocate(size));
  }

  private FloatArray(MemorySegment segment) {
    super(segment);
  }

  /** What a kernel sees of an array. */
  @SuppressWarnings("exports")
  public FloatArray(DeviceBuffer device, int size) {
    super(device, size);
  }

  public static FloatArray fromArray(float[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  public static FloatArray fromElements(float... values) {
    return fromArray(values);
  }

  /** A copy of a segment of elements. */
  public static FloatArray fromSegment(MemorySegment elements) {
    var array = new FloatArray(Math.toIntExact(elements.byteSize() / Integer.BYTES));
    array.data.copyFrom(elements);
    return array;
  }

  /** A view of a segment whose first bytes are room for the header. */
  public static FloatArray fromSegmentShallow(MemorySegment withHeader) {
    return new FloatArray(withHeader);
  }

  public float get(int index) {
    if (device != null) {
      return Float.intBitsToFloat(device.read(index));
    }
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  public void set(int index, float value) {
    if (device != null) {
      device.write(index, Float.floatToRawIntBits(value));
    } else {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }
  }

  public void init(float value) {
    for (int i = 0; i < host(data).byteSize() / Integer.BYTES; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  public void clear() {
    init(0);
  }

  public float[] toHeapArray() {
    return host(data).toArray(ValueLayout.JAVA_FLOAT);
  }
}
