package uk.ac.manchester.tornado.api.types.arrays;

import io.github.tornadovit.emulator.DeviceBuffer;
import io.github.tornadovit.emulator.EmulatorException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array of elements of 32 bits, or of 16: on the host a memory segment, in a kernel the device's
 * copy of it. {@code null} stands for the one that it is not.
 */
public abstract class TornadoNativeArray {
  /** Bytes before the first element, which TornadoVM uses. */
  public static final long ARRAY_HEADER = Long.getLong("tornado.panama.objectHeader", 16L);

  final MemorySegment segment;
  final MemorySegment data;
  final DeviceBuffer device;
  private final int size;
  private final int elementBytes;

  TornadoNativeArray(MemorySegment segment) {
    this(segment, Integer.BYTES);
  }

  TornadoNativeArray(MemorySegment segment, int elementBytes) {
    this.segment = segment;
    this.elementBytes = elementBytes;
    data = segment.asSlice(ARRAY_HEADER);
    if (data.byteSize() % elementBytes != 0 || data.byteSize() / elementBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a segment of " + data.byteSize() + " bytes holds no array");
    }
    size = (int) (data.byteSize() / elementBytes);
    segment.set(ValueLayout.JAVA_INT, 0, size);
    device = null;
  }

  TornadoNativeArray(DeviceBuffer device, int size) {
    this(device, size, Integer.BYTES);
  }

  TornadoNativeArray(DeviceBuffer device, int size, int elementBytes) {
    this.segment = null;
    this.data = null;
    this.device = device;
    this.size = size;
    this.elementBytes = elementBytes;
  }

  static MemorySegment allocate(int size) {
    return allocate(size, Integer.BYTES);
  }

  static MemorySegment allocate(int size, int elementBytes) {
    if (size < 0) {
      throw new IllegalArgumentException("size is " + size + ", expected 0 or more");
    }
    return Arena.ofAuto().allocate(ARRAY_HEADER + (long) elementBytes * size, Long.BYTES);
  }

  public int getSize() {
    return size;
  }

  public int getElementSize() {
    return elementBytes;
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
