package io.github.tornadovit.emulator;

import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The emulator's view of the array types that a kernel can be given, which have no type of their
 * own in the API.
 */
final class HostArray {
  private HostArray() {}

  static boolean isArray(Object object) {
    return object instanceof TornadoNativeArray;
  }

  /** Elements, a cell of the device for each. */
  static int size(Object array) {
    return storage(array).getSize();
  }

  static int elementBytes(Object array) {
    return storage(array).getElementSize();
  }

  static MemorySegment data(Object array) {
    return storage(array).getSegment();
  }

  static boolean holdsFloats(Object array) {
    return storage(array) instanceof FloatArray;
  }

  static String describe(Object array) {
    return array.getClass().getSimpleName() + " of " + size(array);
  }

  /** The kernel's view of the array. */
  static Object view(Object array, DeviceBuffer buffer) {
    return switch (array) {
      case FloatArray _ -> new FloatArray(buffer, buffer.size());
      case HalfFloatArray _ -> new HalfFloatArray(buffer, buffer.size());
      default -> new IntArray(buffer, buffer.size());
    };
  }

  private static TornadoNativeArray storage(Object array) {
    return (TornadoNativeArray) array;
  }
}
