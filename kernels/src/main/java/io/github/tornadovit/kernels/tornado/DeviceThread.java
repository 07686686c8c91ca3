package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread of this JVM that calls TornadoVM, from its start to the last plan. TornadoVM keeps
 * queues per thread and never frees them, and a CUDA context is current on the thread that made it.
 * Plans of several models take turns on it, as they would on the device.
 */
final class DeviceThread {
  private static final ExecutorService OWNER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("tornado-vit-device").daemon().factory());

  private DeviceThread() {}

  /**
   * Runs a call on the thread and waits for it. Not to be called by the thread itself.
   *
   * @throws BackendException if the call fails, with TornadoVM's own failure as its cause
   */
  static <T> T call(Callable<T> action) {
    try {
      return OWNER.submit(action).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BackendException("tornado", "interrupted while the device worked", interrupted);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof BackendException known) {
        throw known;
      }
      throw new BackendException("tornado", "the device failed: " + cause, cause);
    }
  }
}
