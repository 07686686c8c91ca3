package uk.ac.manchester.tornado.api.types.arrays;

import io.github.tornadovit.emulator.DeviceBuffer;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** An array of float16. */
public final class HalfFloatArray extends TornadoNativeArray {
  public HalfFloatArray(int size) {
    super(allocate(size, Short.BYTES), Short.BYTES);
  }

  /** What a kernel sees of an array. */
  @SuppressWarnings("exports")
  public HalfFloatArray(DeviceBuffer device, int size) {
    super(device, size, Short.BYTES);
  }

  public HalfFloat get(int index) {
    return new HalfFloat(
        device != null
            ? (short) device.read(index)
            : data.getAtIndex(ValueLayout.JAVA_SHORT, index));
  }

  public void set(int index, HalfFloat value) {
    short bits = value.getHalfFloatValue();
    if (device != null) {
      device.write(index, bits);
    } else {
      data.setAtIndex(ValueLayout.JAVA_SHORT, index, bits);
    }
  }

  public void init(HalfFloat value) {
    for (int i = 0; i < getSize(); i++) {
      set(i, value);
    }
  }

  public void clear() {
    init(new HalfFloat((short) 0));
  }
}
