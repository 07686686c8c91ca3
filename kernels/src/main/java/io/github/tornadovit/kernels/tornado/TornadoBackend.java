package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Executes programs on a device of TornadoVM. All backends of a JVM share one thread for it. Plans
 * of one backend whose programs have weights in common share the {@link Residents}.
 */
public final class TornadoBackend implements Backend {
  private final TornadoVm vm = TornadoVm.ofThisJvm();
  private final DeviceThread thread = vm.thread();
  private final TornadoTarget target;
  private final Set<TornadoPlan> plans = ConcurrentHashMap.newKeySet();

  /** Known to the device's thread. */
  private final List<Residents> residents = new ArrayList<>();

  private volatile boolean closed;

  /**
   * Opens the {@linkplain TornadoVm#best() best} device.
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
    target = vm.target(device);
  }

  @Override
  public DeviceInfo device() {
    return target.description().info();
  }

  @Override
  public DeviceInfo device(Precision precision) {
    return target.device(precision);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The first plan on a device that uses a kernel has it give known answers there. A plan for
   * fewer images comes back where the device's memory does not hold the largest batch.
   *
   * @throws BackendException if the device has no room for one image, or if a kernel does not
   *     compile or gives wrong answers there
   */
  @Override
  public Plan plan(Program program, int maxBatch) {
    requireArguments(maxBatch);
    program.operations().stream().map(Operation::precision).distinct().forEach(this::device);
    int largest =
        thread.call(
            () -> {
              requireAlive();
              DeviceProgram asked = new DeviceProgram(program);
              return new DeviceMemory(asked, residentsFor(asked), target).largestBatch(maxBatch);
            });
    KnownAnswers.of(
            program,
            DeviceMemory.buckets(largest),
            target.tiling(),
            form -> !target.use().isProven(form))
        .forEach(this::prove);
    return open(new DeviceProgram(program), maxBatch, target);
  }

  /** Refuses a device that the driver has given up: TornadoVM would compute on it all the same. */
  private void requireAlive() {
    String error = target.driverError();
    if (error != null) {
      throw new BackendException(
          "tornado",
          "device '%s' is lost (%s); start a new process, choose another device, or use backend cpu"
              .formatted(target.name(), error));
    }
  }

  private void requireArguments(int maxBatch) {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("batch is " + maxBatch + ", expected 1 or more");
    }
    requireOpen();
  }

  private TornadoPlan open(DeviceProgram program, int maxBatch, TornadoTarget on) {
    return open(program, maxBatch, on, on.isCuda() && TornadoProperties.mayReplay());
  }

  /** A plan of a program that launches its kernels one by one. */
  TornadoPlan openLaunchingSingly(Program program, int maxBatch) {
    return open(new DeviceProgram(program), maxBatch, target, false);
  }

  private TornadoPlan open(DeviceProgram program, int maxBatch, TornadoTarget on, boolean replays) {
    TornadoPlan plan =
        thread.call(
            () -> new TornadoPlan(vm, this, on, program, maxBatch, replays), TornadoPlan::release);
    plans.add(plan);
    if (closed) { // By another thread, which did not see the plan.
      plan.close();
    }
    requireOpen();
    return plan;
  }

  /** Those that a program shares, or new ones. On the device's thread. */
  Residents residentsFor(DeviceProgram program) {
    residents.removeIf(Residents::isLeft);
    return residents.stream()
        .filter(some -> some.serve(program))
        .findFirst()
        .orElseGet(
            () -> {
              Residents none = new Residents(target, vm.newPlanName());
              residents.add(none);
              return none;
            });
  }

  private void prove(KnownAnswers test) {
    DeviceProgram program = new DeviceProgram(test.program(), test.halves());
    thread.call(
        () -> {
          new DeviceMemory(program, residentsFor(program), target)
              .requireKnownAnswers(test.batch());
          return null;
        });
    try (TornadoPlan plan = open(program, test.batch(), target.with(test.tiling()))) {
      test.check(plan, target.name());
    }
    target.use().prove(test.kernels());
  }

  /**
   * Builds a program's kernels for one batch size, launches each once and writes its generated
   * source, without looking at the answers: to read the code for a device that may not even
   * compute.
   *
   * @param folder gets one file per compiled kernel, named by the first task that runs it; made if
   *     missing
   * @throws BackendException if a kernel does not compile
   */
  public void writeKernelSources(Program program, int batch, Path folder) {
    requireArguments(batch);
    KernelSources sources = KernelSources.to(folder);
    try (TornadoPlan plan = open(new DeviceProgram(program), batch, target)) {
      plan.run(new float[Math.multiplyExact(batch, program.input().size())], batch);
      sources.write(plan.compiled(batch));
    }
  }

  /**
   * @throws IllegalStateException if the backend is closed
   */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
  }

  /**
   * Bytes of the device that the plans of this JVM have taken, as they were counted; those among
   * them that failed and could not be freed without danger to the process.
   */
  public long takenBytes() {
    return target.use().bytes();
  }

  /** Forgets a plan that is closed. */
  void forget(TornadoPlan plan) {
    plans.remove(plan);
  }

  @Override
  public void close() {
    closed = true;
    BackendException failure = null;
    for (TornadoPlan plan : plans) {
      try {
        plan.close();
      } catch (BackendException unfreed) {
        failure = failure == null ? unfreed : failure; // The others are closed all the same.
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
