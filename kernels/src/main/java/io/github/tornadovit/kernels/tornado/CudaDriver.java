package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks NVIDIA's driver what TornadoVM does not: what a device can, whether it is lost, and how much
 * of its memory is free. The latter answers are of the context that is current, TornadoVM's own, so
 * it is to be asked on the {@link DeviceThread}. Where it cannot be asked there is no answer.
 */
final class CudaDriver {
  /** Of {@code CUdevice_attribute}. */
  private static final int COMPUTE_CAPABILITY_MAJOR = 75;

  private static final int COMPUTE_CAPABILITY_MINOR = 76;

  private CudaDriver() {}

  /** The driver's functions, looked up once: it is asked before each run. */
  private static final class Functions {
    static final @Nullable MethodHandle ATTRIBUTE =
        find("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    static final @Nullable MethodHandle SYNCHRONIZE = find("cuCtxSynchronize");
    static final @Nullable MethodHandle ERROR_NAME = find("cuGetErrorName", JAVA_INT, ADDRESS);
    static final @Nullable MethodHandle DEVICE = find("cuCtxGetDevice", ADDRESS);
    static final @Nullable MethodHandle MEMORY = find("cuMemGetInfo_v2", ADDRESS, ADDRESS);

    private static @Nullable MethodHandle find(String name, MemoryLayout... parameters) {
      return NativeFunctions.find("libcuda.so.1", name, parameters);
    }
  }

  /**
   * The error that the current context is in, as {@code CUDA_ERROR_ILLEGAL_ADDRESS}; null if there
   * is none. Such an error stays: every later call of this process on that device fails.
   */
  static @Nullable String error() {
    if (!NativeFunctions.allowed()) {
      return null;
    }
    try {
      MethodHandle synchronize = Functions.SYNCHRONIZE;
      int status = synchronize == null ? 0 : (int) synchronize.invokeExact();
      return status == 0 ? null : name(status);
    } catch (Throwable unanswered) { // MethodHandle.invokeExact declares it.
      return null;
    }
  }

  private static String name(int status) throws Throwable {
    MethodHandle names = Functions.ERROR_NAME;
    if (names != null) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment text = arena.allocate(ADDRESS);
        if ((int) names.invokeExact(status, text) == 0) {
          return string(text.get(ADDRESS, 0));
        }
      }
    }
    return "CUDA error " + status;
  }

  @SuppressWarnings("restricted")
  private static String string(MemorySegment text) {
    return text.reinterpret(256).getString(0);
  }

  /**
   * The compute capability of a device, 80 for 8.0; from any thread.
   *
   * @param ordinal of the device
   */
  static OptionalInt computeCapability(int ordinal) {
    OptionalInt major = attribute(COMPUTE_CAPABILITY_MAJOR, ordinal);
    OptionalInt minor = attribute(COMPUTE_CAPABILITY_MINOR, ordinal);
    return major.isPresent() && minor.isPresent()
        ? OptionalInt.of(10 * major.getAsInt() + minor.getAsInt())
        : OptionalInt.empty();
  }

  private static OptionalInt attribute(int attribute, int ordinal) {
    if (!NativeFunctions.allowed()) {
      return OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle attributes = Functions.ATTRIBUTE;
      MemorySegment value = arena.allocate(JAVA_INT);
      return attributes != null && (int) attributes.invokeExact(value, attribute, ordinal) == 0
          ? OptionalInt.of(value.get(JAVA_INT, 0))
          : OptionalInt.empty();
    } catch (Throwable unanswered) { // MethodHandle.invokeExact declares it.
      return OptionalInt.empty();
    }
  }

  /**
   * Free memory in bytes.
   *
   * @param ordinal of the device; no answer if another one's context is current
   */
  static OptionalLong freeBytes(int ordinal) {
    if (!NativeFunctions.allowed()) {
      return OptionalLong.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle device = Functions.DEVICE;
      MethodHandle memory = Functions.MEMORY;
      if (device == null || memory == null) {
        return OptionalLong.empty();
      }
      MemorySegment current = arena.allocate(JAVA_INT);
      MemorySegment free = arena.allocate(JAVA_LONG);
      MemorySegment total = arena.allocate(JAVA_LONG);
      return (int) device.invokeExact(current) == 0
              && current.get(JAVA_INT, 0) == ordinal
              && (int) memory.invokeExact(free, total) == 0
          ? OptionalLong.of(free.get(JAVA_LONG, 0))
          : OptionalLong.empty();
    } catch (Throwable unanswered) { // MethodHandle.invokeExact declares it.
      return OptionalLong.empty();
    }
  }
}
