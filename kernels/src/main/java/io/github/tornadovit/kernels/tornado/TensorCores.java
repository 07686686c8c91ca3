package io.github.tornadovit.kernels.tornado;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device has what products of float16 need: tensor cores with {@code mma.m16n8k16}, and a
 * back end of TornadoVM that reaches them from the kernels of this project.
 */
final class TensorCores {
  /** Compute capability 8.0: Ampere. */
  private static final int NEEDED = 80;

  private TensorCores() {}

  /** What is missing, as a clause; null if nothing is. The emulator has all. */
  static @Nullable String missing(TornadoTarget target) {
    return TornadoProperties.isEmulated()
        ? null
        : missing(
            target.description().tornadoBackend(),
            target.isCuda() ? CudaDriver.computeCapability(target.ordinal()) : OptionalInt.empty());
  }

  /**
   * What is missing.
   *
   * @param tornadoBackend that reaches the device
   * @param capability compute capability, 80 for 8.0; empty if it cannot be asked for
   */
  static @Nullable String missing(String tornadoBackend, OptionalInt capability) {
    if (TornadoDriver.of(tornadoBackend).filter(TornadoDriver::hasTensorCores).isEmpty()) {
      return "TornadoVM reaches it through %s, and needed is ptx or cuda, on an NVIDIA device"
          .formatted(tornadoBackend);
    }
    if (capability.isEmpty()) {
      return "NVIDIA's driver cannot be asked for its compute capability; start java with"
          + " --enable-native-access=ALL-UNNAMED";
    }
    int has = capability.getAsInt();
    return has >= NEEDED
        ? null
        : "it has compute capability %d.%d, and needed is %d.%d"
            .formatted(has / 10, has % 10, NEEDED / 10, NEEDED % 10);
  }
}
