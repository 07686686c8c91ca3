package io.github.tornadovit.kernels.tornado;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A back end of TornadoVM that the kernels are written for: a generator of code and the driver that
 * takes it. All that is known of one is said here. They are told apart by name: later lines of
 * TornadoVM have neither the module nor the constant of one that is gone.
 *
 * <p>The order is that of preference for a GPU that several of them reach.
 */
public enum TornadoDriver {
  /** PTX, which NVIDIA's driver compiles; up to TornadoVM 5.2. */
  PTX(true),

  /** CUDA C, which NVRTC compiles; from TornadoVM 5 on, and in place of PTX from 6 on. */
  CUDA(true),

  /** OpenCL C, which the driver of the device compiles. */
  OPENCL(false);

  private final boolean nvidia;

  TornadoDriver(boolean nvidia) {
    this.nvidia = nvidia;
  }

  /** The name in lower case, as in {@code DeviceDescription.tornadoBackend()}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of a name, in any case; none for a back end that there are no kernels for. */
  static Optional<TornadoDriver> of(String label) {
    return Stream.of(values()).filter(driver -> driver.label().equalsIgnoreCase(label)).findAny();
  }

  /** Whether it needs NVIDIA's driver. */
  boolean isNvidia() {
    return nvidia;
  }

  /** Whether it has {@code mma}, the instruction of tensor cores. */
  boolean hasTensorCores() {
    return nvidia;
  }

  /** Whether it compiles the last task of a graph also where its code is there. */
  boolean compilesLastTaskAlways() {
    return this != PTX; // OpenCL and CUDA ask shouldCompile(), PTX does not.
  }

  /** Whether it is in this JVM's boot layer. */
  boolean isInUse() {
    return ModuleLayer.boot().findModule("tornado.drivers." + label()).isPresent();
  }

  /** Those in this JVM's boot layer. */
  static List<TornadoDriver> inUse() {
    return Stream.of(values()).filter(TornadoDriver::isInUse).toList();
  }
}
