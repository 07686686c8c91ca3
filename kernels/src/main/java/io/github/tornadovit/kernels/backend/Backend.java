package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tornado.TornadoBackend;

/**
 * A way to execute programs on one device. Owns what it makes of the weights (packed panels, device
 * copies), which plans on the same weights share; closing it frees them.
 *
 * <p>Thread-safety: {@link #plan} may be called by any thread; a {@link Plan} is for one thread at
 * a time.
 */
@SuppressWarnings("exports") // Who plans and runs is one of our own modules.
public sealed interface Backend extends AutoCloseable
    permits ReferenceBackend, CpuBackend, TornadoBackend {

  /** The backend's name and the device, for results and reports. */
  DeviceInfo device();

  /**
   * The same for programs whose products are of a precision: names what multiplies.
   *
   * @param precision one that the backend has
   */
  default DeviceInfo device(Precision precision) {
    return device();
  }

  /** Whether attention with factors in bf16 runs here, and no slower than in float32. */
  default boolean attendsInBf16() {
    return false;
  }

  /** Threads of the host that a running plan keeps busy, its caller included. */
  default int hostThreads() {
    return 1;
  }

  /**
   * Prepares a program: reads its weights (once per backend), allocates its buffers.
   *
   * @param maxBatch the largest batch that the plan will run, at least 1
   * @throws IllegalArgumentException if a buffer of that batch exceeds 2^31 - 1 elements; the
   *     message says the batch that fits
   * @throws IllegalStateException if the backend is closed
   */
  Plan plan(Program program, int maxBatch);

  /** Frees everything; plans made by it must not run afterwards. Idempotent. */
  @Override
  void close();
}
