package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import java.util.Objects;
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
  /** Drivers compile on this thread, with recursive compilers that a Java stack is small for. */
  private static final long STACK_BYTES = 64L << 20;

  private static final ExecutorService OWNER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("tornado-vit-device").stackSize(STACK_BYTES).daemon().factory());

  private DeviceThread() {}

  /**
   * Runs a call on the thread and waits for it. Not to be called by the thread itself.
   *
   * @throws BackendException if the call fails, with TornadoVM's own failure as its cause; wrong
   *     arguments and states of this project's own are thrown as they are
   */
  static <T> T call(Callable<T> action) {
    try {
      return OWNER.submit(action).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BackendException("tornado", "interrupted while the device worked", interrupted);
    } catch (ExecutionException failure) {
      Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
      if (cause instanceof BackendException
          || cause instanceof IllegalArgumentException
          || cause instanceof IllegalStateException) {
        throw (RuntimeException) cause;
      }
      throw new BackendException(
          "tornado",
          "the device failed: " + summary(cause) + "; choose another device, or use backend cpu",
          cause);
    }
  }

  /**
   * A failure in one line: TornadoVM colours its messages and puts whole stack traces into them.
   */
  static String summary(Throwable failure) {
    String message = String.valueOf(failure);
    int trace = message.indexOf("Stacktrace:");
    String said = trace < 0 ? message : message.substring(0, trace);
    return said.replaceAll("\u001B?\\[[0-9;]*m", "").replaceAll("\\s+", " ").strip();
  }
}
