package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.program.Program;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * Executes programs on TornadoVM's default device. One thread of its own makes every call to
 * TornadoVM, which keeps queues and state per thread.
 */
public final class TornadoBackend implements Backend {
  /** Set by the flags that a TornadoVM SDK needs; absent, there is no runtime in this JVM. */
  private static final String RUNTIME_PROPERTY = "tornado.load.runtime.implementation";

  /**
   * Unless false, TornadoVM answers a failed compilation by running the kernel as one Java thread.
   */
  private static final String FALLBACK_PROPERTY = "tornado.recover.bailout";

  private final ExecutorService owner =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("tornado-vit-device").daemon().factory());
  private final TornadoTarget target;
  private final Set<TornadoPlan> plans = ConcurrentHashMap.newKeySet();
  private final AtomicLong reservedBytes = new AtomicLong();
  private volatile boolean closed;

  /**
   * Opens the default device.
   *
   * @throws BackendException if this JVM has no TornadoVM, or has one that would hide failures, or
   *     if the runtime finds no device
   */
  public TornadoBackend() {
    if (System.getProperty(RUNTIME_PROPERTY) == null) {
      throw new BackendException(
          "tornado",
          "this JVM was started without TornadoVM; set TORNADOVM_HOME to an SDK and use the"
              + " tornado-vit launcher, or start java with the flags that .mvn/tornado-flags.sh"
              + " prints");
    }
    if (!"false".equalsIgnoreCase(System.getProperty(FALLBACK_PROPERTY))) {
      throw new BackendException(
          "tornado",
          "-D%s is '%s', expected False: TornadoVM would run a kernel that does not compile as one"
                  .formatted(FALLBACK_PROPERTY, System.getProperty(FALLBACK_PROPERTY))
              + " Java thread, and give wrong numbers");
    }
    target = call(TornadoBackend::defaultTarget);
  }

  private static TornadoTarget defaultTarget() {
    TornadoDevice device = TornadoRuntimeProvider.getTornadoRuntime().getDefaultDevice();
    return new TornadoTarget(
        device.getPhysicalDevice().getDeviceName().strip(),
        device.getPlatformName().strip(),
        device.getDeviceType() == TornadoDeviceType.CPU,
        device.getPhysicalDevice().getDeviceMaxComputeUnits(),
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory());
  }

  /** True unless the device is a CPU behind OpenCL. */
  public boolean isGpu() {
    return !target.isCpu();
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("tornado", target.name() + ", " + target.platform());
  }

  @Override
  public Plan plan(Program program, int maxBatch) {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("batch is " + maxBatch + ", expected 1 or more");
    }
    requireOpen();
    TornadoPlan plan = call(() -> new TornadoPlan(this, target, program, maxBatch));
    plans.add(plan);
    return plan;
  }

  /**
   * @throws IllegalStateException if the backend is closed
   */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
  }

  /** Bytes of the device that no plan of this backend has taken. */
  long freeBytes() {
    return target.memoryBytes() - reservedBytes.get();
  }

  /** Counts bytes that a plan takes, or gives back. */
  void reserve(long bytes) {
    reservedBytes.addAndGet(bytes);
  }

  /** Forgets a plan that is closed. */
  void forget(TornadoPlan plan) {
    plans.remove(plan);
  }

  /**
   * Runs a call on the owner thread; TornadoVM's own failures become a {@link BackendException}.
   */
  <T> T call(Callable<T> action) {
    try {
      return owner.submit(action).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BackendException("tornado", "interrupted while the device worked", interrupted);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof BackendException
          || cause instanceof IllegalArgumentException
          || cause instanceof IllegalStateException) {
        throw (RuntimeException) cause;
      }
      throw new BackendException("tornado", "the device failed: " + cause, cause);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      plans.forEach(TornadoPlan::close);
      closed = true;
      owner.shutdown();
    }
  }
}
