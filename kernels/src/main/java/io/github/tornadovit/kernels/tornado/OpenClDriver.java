package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Asks the drivers of OpenCL what TornadoVM does not. */
final class OpenClDriver {
  /** {@code CL_DEVICE_TYPE_ALL}. */
  static final long ALL = 0xFFFFFFFFL;

  /** {@code CL_DEVICE_TYPE_GPU}. */
  static final long GPUS = 4;

  /** {@code CL_DEVICE_TYPE_ACCELERATOR}. */
  static final long ACCELERATORS = 8;

  private static final String LIBRARY = "libOpenCL.so.1";

  private static final int PLATFORM_VENDOR = 0x0903;
  private static final int DEVICE_NAME = 0x102B;

  /** Of {@code cl_amd_device_attribute_query}: free memory and its largest block, in KiB. */
  private static final int GLOBAL_FREE_MEMORY_AMD = 0x4039;

  private static final int TEXT_BYTES = 1024;

  private final Arena arena;
  private final MethodHandle platforms;
  private final MethodHandle devices;
  private final MethodHandle platformInfo;
  private final MethodHandle deviceInfo;

  private OpenClDriver(Arena arena) {
    this.arena = arena;
    platforms = find("clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS);
    devices = find("clGetDeviceIDs", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    platformInfo = find("clGetPlatformInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    deviceInfo = find("clGetDeviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
  }

  private static MethodHandle find(String name, MemoryLayout... parameters) {
    return Objects.requireNonNull(NativeFunctions.find(LIBRARY, name, parameters));
  }

  /** The drivers, or null where there is no library to ask. */
  static @Nullable OpenClDriver open(Arena arena) {
    return NativeFunctions.find(LIBRARY, "clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS) == null
        ? null
        : new OpenClDriver(arena);
  }

  /** The kinds of devices that TornadoVM takes of a platform, by its vendor. */
  static long taken(String vendor) {
    String name = vendor.toLowerCase(Locale.ROOT);
    if (name.startsWith("mesa/x.org")) {
      return GPUS;
    }
    return name.startsWith("xilinx") ? ACCELERATORS : ALL;
  }

  /** The platforms; none if the driver says an error. */
  List<MemorySegment> platforms() throws Throwable {
    MemorySegment count = arena.allocate(JAVA_INT);
    int status = (int) platforms.invokeExact(0, MemorySegment.NULL, count);
    int found = status == 0 ? count.get(JAVA_INT, 0) : 0;
    MemorySegment ids = arena.allocate(ADDRESS, Math.max(1, found));
    return found > 0 && (int) platforms.invokeExact(found, ids, count) == 0
        ? list(ids, found)
        : List.of();
  }

  /** The devices of some kinds; none if the driver says an error. */
  List<MemorySegment> devices(MemorySegment platform, long kinds) throws Throwable {
    MemorySegment count = arena.allocate(JAVA_INT);
    int status = (int) devices.invokeExact(platform, kinds, 0, MemorySegment.NULL, count);
    int found = status == 0 ? count.get(JAVA_INT, 0) : 0;
    MemorySegment ids = arena.allocate(ADDRESS, Math.max(1, found));
    return found > 0 && (int) devices.invokeExact(platform, kinds, found, ids, count) == 0
        ? list(ids, found)
        : List.of();
  }

  private static List<MemorySegment> list(MemorySegment ids, int count) {
    return IntStream.range(0, count).mapToObj(i -> ids.getAtIndex(ADDRESS, i)).toList();
  }

  /** The vendor of a platform, or nothing. */
  String vendor(MemorySegment platform) throws Throwable {
    return text(platformInfo, platform, PLATFORM_VENDOR);
  }

  private String text(MethodHandle asked, MemorySegment whom, int what) throws Throwable {
    MemorySegment text = arena.allocate(TEXT_BYTES);
    int status = (int) asked.invokeExact(whom, what, (long) TEXT_BYTES, text, MemorySegment.NULL);
    return status == 0 ? text.getString(0).strip() : "";
  }

  /**
   * Free memory of the device with a name in bytes; of several, of the one that has least. Only
   * AMD's drivers say.
   */
  static OptionalLong freeBytes(String name) {
    if (!NativeFunctions.allowed() || !TornadoDriver.OPENCL.isInUse()) {
      return OptionalLong.empty(); // Without TornadoVM's back end no driver is loaded for this.
    }
    try (Arena arena = Arena.ofConfined()) {
      OpenClDriver driver = open(arena);
      return driver == null ? OptionalLong.empty() : driver.leastFreeBytes(name);
    } catch (Throwable unanswered) { // MethodHandle.invokeExact declares it.
      return OptionalLong.empty();
    }
  }

  private OptionalLong leastFreeBytes(String name) throws Throwable {
    long least = Long.MAX_VALUE;
    for (MemorySegment platform : platforms()) {
      for (MemorySegment device : devices(platform, ALL)) {
        MemorySegment free = arena.allocate(JAVA_LONG, 2);
        if (text(deviceInfo, device, DEVICE_NAME).equals(name)
            && (int)
                    deviceInfo.invokeExact(
                        device, GLOBAL_FREE_MEMORY_AMD, free.byteSize(), free, MemorySegment.NULL)
                == 0) {
          least = Math.min(least, free.get(JAVA_LONG, 0) << 10);
        }
      }
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }
}
