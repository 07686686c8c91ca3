package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.testing.EveryLoops;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every backend and device that this machine can run, the reference first. Without an SDK the
 * device is the emulator's. Open for the whole test run.
 */
public final class TestBackends {
  /** Odd on purpose: tasks do not divide evenly. */
  private static final int THREADS = 3;

  private static final List<Backend> ALL = new ArrayList<>();

  static {
    ALL.add(new ReferenceBackend());
    EveryLoops.all().map(loops -> new CpuBackend(loops, THREADS)).forEach(ALL::add);
    devices().forEach(ALL::add);
  }

  private TestBackends() {}

  /** A backend for each device of TornadoVM, or for one of its emulator: they compute alike. */
  public static Stream<TornadoBackend> devices() {
    boolean emulated = TornadoVm.ofThisJvm().isEmulated();
    return TornadoVm.ofThisJvm().devices().stream()
        .limit(emulated ? 1 : Long.MAX_VALUE)
        .map(device -> new TornadoBackend(Integer.toString(device.index())));
  }

  /** The oracle. */
  public static Backend reference() {
    return ALL.getFirst();
  }

  /** Whether a backend runs bf16. */
  static boolean hasBf16(Backend backend) {
    try {
      backend.device(Precision.BF16);
      return true;
    } catch (BackendException lacking) {
      return false;
    }
  }

  /** All backends, the oracle included. */
  public static List<Backend> all() {
    return Collections.unmodifiableList(ALL);
  }
}
