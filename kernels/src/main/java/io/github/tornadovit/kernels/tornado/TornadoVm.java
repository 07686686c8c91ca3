package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Unusable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The TornadoVM of this JVM: whether it is there, its devices, the one thread that calls it, and
 * what its native code prints. There is one object, {@link #ofThisJvm()}, as there is one runtime.
 *
 * <p>TornadoVM starts when its devices are first asked for; one that failed to start never starts
 * in that JVM. What it has to know then, {@link #output()} and {@link #keepKernelSources}, comes
 * before.
 */
public final class TornadoVm {
  private static final TornadoVm THIS = new TornadoVm();

  private final DeviceThread thread = new DeviceThread();
  private final NativeOutput output = new NativeOutput();
  private final AtomicInteger plans = new AtomicInteger();
  private @Nullable TornadoStart start;

  private TornadoVm() {}

  /** Starts nothing. */
  public static TornadoVm ofThisJvm() {
    return THIS;
  }

  /** Standard output, as TornadoVM's native code shares it with the program. */
  public NativeOutput output() {
    return output;
  }

  /**
   * Asks TornadoVM to keep the generated source of every kernel, for {@link
   * TornadoBackend#writeKernelSources}. Too late once it has started.
   *
   * @param file that it appends to
   */
  public void keepKernelSources(Path file) {
    TornadoProperties.keepKernels(file);
  }

  private synchronized TornadoStart start() {
    if (start == null) {
      if (TornadoProperties.hasRuntime() && !isEmulated()) {
        output.listen();
      }
      start = TornadoStart.attempt(thread);
    }
    return start;
  }

  /** Whether the emulator stands in for it, as in tests without an SDK. Starts nothing. */
  public boolean isEmulated() {
    return TornadoProperties.isEmulated();
  }

  /** Why it cannot be used here, or null if it can. Never fails. */
  public @Nullable Unusable unusable() {
    return start().unusable();
  }

  /**
   * Every device, each at its index; some may be listed although TornadoVM cannot be used. Never
   * fails.
   */
  public List<DeviceDescription> devices() {
    return start().targets().stream().map(TornadoTarget::description).toList();
  }

  /**
   * The device that is taken unless one is named: a GPU before an accelerator before a CPU before
   * others; of one kind, one that is reached through PTX before CUDA before OpenCL; else the one
   * that TornadoVM lists first.
   *
   * @throws BackendException if there is none
   */
  public DeviceDescription best() {
    return target(null).description();
  }

  /**
   * The {@linkplain #best() best} device, as what multiplies in a precision.
   *
   * @throws BackendException if there is none, or if it does not
   */
  public DeviceInfo best(Precision precision) {
    return target(null).device(precision);
  }

  /**
   * A device as what multiplies in a precision.
   *
   * @param index of it
   * @throws BackendException if it does not
   */
  public DeviceInfo device(int index, Precision precision) {
    return start().targets().get(index).device(precision);
  }

  /**
   * The device to execute on. Tests execute on the emulator's.
   *
   * @param asked as {@link DeviceChoice#named} takes it, or null for the best
   * @throws BackendException if TornadoVM cannot be used here or has no such device
   */
  TornadoTarget target(@Nullable String asked) {
    Unusable unusable = unusable();
    if (unusable != null && !isEmulated()) {
      throw new BackendException("tornado", unusable.toString());
    }
    List<DeviceDescription> devices = devices();
    DeviceDescription device =
        asked == null ? DeviceChoice.best(devices) : DeviceChoice.named(devices, asked);
    return start().targets().get(device.index());
  }

  /** The thread that calls TornadoVM. */
  DeviceThread thread() {
    return thread;
  }

  /**
   * A name for the graphs of a plan. TornadoVM's caches are keyed by name: no two may share one.
   */
  String newPlanName() {
    return "vision_" + plans.incrementAndGet();
  }
}
