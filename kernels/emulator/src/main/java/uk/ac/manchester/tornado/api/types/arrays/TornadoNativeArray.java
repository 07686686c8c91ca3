package uk.ac.manchester.tornado.api.types.arrays;

import io.github.tornadovit.emulator.DeviceBuffer;
import io.github.tornadovit.emulator.EmulatorException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array of 32-bit elements: on the host a memory segment, in a kernel the device's copy of it.
 * {@code null} stands for the one that it is not.
 */
public abstract class TornadoNativeArray {
  /** Bytes before the first element, which TornadoVM uses. */
  public static final long ARRAY_HEADER = Long.getLong("tornado.panama.objectHeader", 16L);

  final MemorySegment segment;
  final MemorySegment data;
  final DeviceBuffer device;
  private final int size;

  TornadoNativeArray(MemorySegment segment) {
    this.segment = segment;
    data = segment.asSlice(ARRAY_HEADER);
    if (data.byteSize() % Integer.BYTES != 0
        || data.byteSize() / Integer.BYTES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a segment of " + data.byteSize() + " bytes holds no array");
    }
    size = (int) (data.byteSize() / Integer.BYTES);
    segment.set(ValueLayout.JAVA_INT, 0, size);
    device = null;
  }

  TornadoNativeArray(DeviceBuffer device, int size) {
    this.segment = null;
    this.data = null;
    this.device = device;
    this.size = size;
  }

  static MemorySegment allocate(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("size is " + size + ", expected 0 or more");
    }
    return Arena.ofAuto().allocate(ARRAY_HEADER + (long) Integer.BYTES * size, Long.BYTES);
  }

  public int getSize() {
    return size;
  }

  public int getElementSize() {
    return Integer.BYTES;
  }

  /** The elements, without the header. */
  public MemorySegment getSegment() {
    return host(data);
  }

  public MemorySegment getSegmentWithHeader() {
    return host(segment);
  }

  public long getNumBytesOfSegment() {
    return host(data).byteSize();
  }

  public long getNumBytesOfSegmentWithHeader() {
    return host(segment).byteSize();
  }

  MemorySegment host(MemorySegment of) {
    if (device != null) {
      throw new EmulatorException(
          "a kernel can get and set elements and ask for the size of an array, nothing else");
    }
    return of;
  }
}
