package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.kernels.backend.BackendException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The one thread of this JVM that calls TornadoVM, from its start to the last plan. TornadoVM keeps
 * queues per thread and never frees them, and a CUDA context is current on the thread that made it.
 * Plans of several models take turns on it, as they would on the device.
 */
final class DeviceThread {
  /**
   * Drivers compile on this thread, and how deep a vendor's compiler goes nobody says. Pages that
   * are not touched cost nothing; PoCL 3.1 touches 160 KiB.
   */
  private static final long STACK_BYTES = 64L << 20;

  private final ExecutorService owner =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("tornado-vit-device").stackSize(STACK_BYTES).daemon().factory());

  /**
   * Runs a call on the thread and waits for it. Not to be called by the thread itself.
   *
   * @throws BackendException if the call fails, with TornadoVM's own failure as its cause, or if
   *     this thread is interrupted, which keeps its interrupt status: then the device still does
   *     what it was asked for, and nobody waits; failures of this project's own and a Java heap
   *     that is full are thrown as they are
   */
  <T> T call(Callable<T> action) {
    return call(action, result -> {});
  }

  /**
   * As {@link #call(Callable)}.
   *
   * @param undo gives back, on the device's thread, a result that nobody waits for any more
   */
  <T> T call(Callable<T> action, Consumer<T> undo) {
    Future<T> result = owner.submit(action);
    try {
      return result.get();
    } catch (InterruptedException interrupted) {
      // The thread does one thing after the other: by then there is a result, or a failure.
      Future<?> _ =
          owner.submit(
              () -> {
                if (result.state() == Future.State.SUCCESS) {
                  undo.accept(result.resultNow());
                }
              });
      Thread.currentThread().interrupt();
      throw new BackendException("tornado", "interrupted while the device worked", interrupted);
    } catch (ExecutionException failure) {
      throw thrown(Objects.requireNonNullElse(failure.getCause(), failure));
    }
  }

  /** Runs what has to be done before the caller goes on, whose interrupt is kept for later. */
  void finish(Runnable action) {
    Future<?> result = owner.submit(action);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          result.get();
          return;
        } catch (InterruptedException impatient) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failure) {
      throw thrown(Objects.requireNonNullElse(failure.getCause(), failure));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException thrown(Throwable failure) {
    return switch (failure) {
      case BackendException own -> own;
      case CheckpointException own -> own;
      case IllegalArgumentException own -> own;
      case IllegalStateException own -> own;
      case OutOfMemoryError heap -> throw heap;
      case LinkageError other when isOfOtherApi(other) ->
          new BackendException(
              "tornado", TornadoRelease.otherApi(summary(other)).toString(), other);
      default ->
          new BackendException(
              "tornado",
              isFull(failure)
                  ? "the device's memory is full: "
                      + summary(failure)
                      + "; use a smaller batch, close other programs on the device, choose another"
                      + " device, or use backend cpu"
                  : "the device failed: "
                      + summary(failure)
                      + "; choose another device, or use backend cpu",
              failure);
    };
  }

  /** Whether a class or a method is not there that a kernel or a graph was compiled against. */
  private static boolean isOfOtherApi(LinkageError failure) {
    return failure instanceof IncompatibleClassChangeError
        || failure instanceof NoClassDefFoundError;
  }

  /** By name: this class is also there where TornadoVM's are missing. */
  static boolean isFull(Throwable failure) {
    return failure.getClass().getSimpleName().equals("TornadoOutOfMemoryException");
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
