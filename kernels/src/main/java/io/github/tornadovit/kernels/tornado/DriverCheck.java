package io.github.tornadovit.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.tornadovit.kernels.backend.Unusable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the drivers whether they have a device before TornadoVM does. TornadoVM would not start
 * either, but its native code prints to the standard error and output of the process, between the
 * lines of whoever uses it.
 *
 * <p>Has no opinion where it cannot ask: on other systems than Linux, without the right to call
 * native code, or where a library is missing, which TornadoVM reports without printing.
 */
final class DriverCheck {
  private final StartFailure failure;

  private DriverCheck(StartFailure failure) {
    this.failure = failure;
  }

  /**
   * Asks the drivers behind the given back ends of TornadoVM.
   *
   * @param backends those that TornadoVM would start
   * @return why TornadoVM will not start, or null if nothing speaks against it
   */
  static @Nullable Unusable problem(List<TornadoDriver> backends) {
    if (!NativeFunctions.allowed()) {
      return null;
    }
    DriverCheck check = new DriverCheck(new StartFailure(backends));
    try {
      Unusable openCl = backends.contains(TornadoDriver.OPENCL) ? check.openCl() : null;
      return openCl == null && backends.stream().anyMatch(TornadoDriver::isNvidia)
          ? check.cuda(backends.contains(TornadoDriver.PTX))
          : openCl;
    } catch (Throwable unanswered) { // MethodHandle.invokeExact declares it; nothing is lost.
      return null;
    }
  }

  private @Nullable Unusable openCl() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      OpenClDriver driver = OpenClDriver.open(arena);
      if (driver == null) {
        return null;
      }
      List<MemorySegment> platforms = driver.platforms();
      if (platforms.isEmpty()) {
        return failure.noOpenClDevice("there is no OpenCL platform");
      }
      boolean some = false;
      for (MemorySegment platform : platforms) {
        if (!driver.devices(platform, OpenClDriver.taken(driver.vendor(platform))).isEmpty()) {
          return null;
        }
        some |= !driver.devices(platform, OpenClDriver.ALL).isEmpty();
      }
      return failure.noOpenClDevice(
          some
              ? "no OpenCL platform has a device that TornadoVM takes: of Mesa's a GPU, of Xilinx's"
                  + " an accelerator"
              : "no OpenCL platform has a device");
    }
  }

  private @Nullable Unusable cuda(boolean ptx) throws Throwable {
    MethodHandle start = NativeFunctions.find("libcuda.so.1", "cuInit", JAVA_INT);
    MethodHandle devices = NativeFunctions.find("libcuda.so.1", "cuDeviceGetCount", ADDRESS);
    if (start == null || devices == null) {
      return null;
    }
    int status = (int) start.invokeExact(0);
    if (status != 0) {
      return failure.noCudaDevice(
          "NVIDIA's driver has no usable GPU (cuInit: error " + status + ")");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      status = (int) devices.invokeExact(count);
      if (status != 0 || count.get(JAVA_INT, 0) == 0) {
        return failure.noCudaDevice("NVIDIA's driver finds no GPU");
      }
      MethodHandle version = NativeFunctions.find("libcuda.so.1", "cuDriverGetVersion", ADDRESS);
      return ptx && version != null && (int) version.invokeExact(count) == 0
          ? failure.oldCuda(count.get(JAVA_INT, 0))
          : null;
    }
  }
}
