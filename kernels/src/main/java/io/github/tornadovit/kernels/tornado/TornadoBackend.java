package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.program.Program;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Executes programs on a device of TornadoVM. All backends of a JVM share one thread for it. */
public final class TornadoBackend implements Backend {
  private final TornadoTarget target;
  private boolean closed;

  /**
   * Opens the {@linkplain TornadoDevices#best() best} device.
   *
   * @throws BackendException as {@link #TornadoBackend(String)} does
   */
  public TornadoBackend() {
    this(null);
  }

  /**
   * Opens a device.
   *
   * @param device its index, or a part of its name or kind in any case; null for the best one
   * @throws BackendException if this JVM has no TornadoVM, or has one that would hide failures, if
   *     the runtime finds no device, or if the name fits none of the devices, or several; the
   *     message says what to do
   */
  public TornadoBackend(@Nullable String device) {
    target = TornadoDevices.probe().target(device);
  }

  @Override
  public DeviceInfo device() {
    return target.description().info();
  }

  @Override
  public synchronized Plan plan(Program program, int maxBatch) {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    return new TornadoPlan(this, target, program, maxBatch);
  }

  /** Runs a call on the {@link DeviceThread}; its failure becomes a {@link BackendException}. */
  <T> T call(Callable<T> action) {
    return DeviceThread.call(action);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
