package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.tornado.GraphRecorder.PassGraph;
import io.github.tornadovit.kernels.tornado.GraphRecorder.Recorded;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A program on a device: graphs for batches of 1, 2, 4, … images and the largest batch, which share
 * weights and buffers. The graphs of a batch size are compiled when it first runs; a batch between
 * two sizes is padded.
 */
final class TornadoPlan implements Plan {
  private static final Logger LOG = System.getLogger(TornadoPlan.class.getName());

  /** Numbers that a float holds. */
  private static final int MAX_RUN = 1 << 24;

  private final TornadoVm vm;
  private final DeviceThread thread;
  private final TornadoBackend backend;
  private final TornadoTarget target;
  private final DeviceProgram program;
  private final GridScheduler grids = new GridScheduler();
  private final List<BatchGraphs> sizes = new ArrayList<>();
  private final Set<Integer> askedFor = new HashSet<>();
  private final TornadoExecutionPlan plan;
  private final boolean replays;
  private final long reserved;
  private final int maxBatch;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** After a failure TornadoVM's state is unknown: to execute again may end the process. */
  private volatile boolean broken;

  /**
   * Whether a copy may have failed. TornadoVM keeps an event for each copy, of one that failed a
   * wild pointer; to free the plan releases it. So the plan is left as it is, memory and all.
   */
  private boolean abandoned;

  /** The number of the last run, which travels with its input. */
  private int run;

  /** Whether the device's memory was given back. Known to the device's thread. */
  private boolean released;

  /** The same program, its kernels launched one by one; made by the first {@link #profile}. */
  private @Nullable TornadoPlan launchingSingly;

  /** The graphs of one batch size and where they are in the plan. */
  private static final class BatchGraphs {
    final Recorded recorded;
    final int firstGraph;
    boolean compiled;
    boolean inputIsThere;

    BatchGraphs(Recorded recorded, int firstGraph) {
      this.recorded = recorded;
      this.firstGraph = firstGraph;
    }
  }

  /**
   * Builds a plan and brings its weights to the device. Runs on the device's thread.
   *
   * @param replays whether NVIDIA's driver keeps the launches and copies of each graph when it
   *     first runs, and from then on gets one call for all of them
   */
  TornadoPlan(
      TornadoVm vm,
      TornadoBackend backend,
      TornadoTarget target,
      DeviceProgram program,
      int asked,
      boolean replays) {
    this.vm = vm;
    this.replays = replays;
    thread = vm.thread();
    this.backend = backend;
    this.program = program;
    this.target = target;
    DeviceMemory memory = new DeviceMemory(this.program, target);
    maxBatch = memory.largestBatch(asked);
    if (maxBatch < asked) {
      LOG.log(
          Level.WARNING,
          "a batch of {0} needs {1} MiB, device ''{2}'' has {3} MiB free; batches are at most {4}",
          asked,
          memory.bytes(asked) >> 20,
          target.name(),
          target.freeBytes() >> 20,
          maxBatch);
    }
    this.program.allocate(maxBatch);
    reserved = memory.bytes(maxBatch);
    String name = vm.newPlanName();
    KernelContext context = new KernelContext();
    List<ImmutableTaskGraph> graphs = new ArrayList<>();
    String loader = name + "_load";
    graphs.add(UploadGraph.ofResidents(loader, this.program, grids, context));
    graphs.add(UploadGraph.residentsBack(loader, this.program, grids, context));
    for (int batch : DeviceMemory.buckets(maxBatch)) {
      Recorded recorded =
          new GraphRecorder(
                  name + "_batch_" + batch, loader, this.program, target, context, grids, batch)
              .record();
      sizes.add(new BatchGraphs(recorded, graphs.size()));
      graphs.add(recorded.bringInput());
      graphs.add(recorded.inputBack());
      recorded.graphs().forEach(graph -> graphs.add(graph.graph()));
    }
    TornadoExecutionPlan launching =
        new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new))
            .withDevice(target.device());
    plan = replays ? launching.withCUDAGraph() : launching;
    target.use().take(reserved);
    try {
      execute(0);
      requireThere(1, this.program.residentArrays());
    } catch (RuntimeException | Error failure) {
      release(); // Nobody else has the plan yet.
      throw failure;
    }
  }

  /** Bytes that the plan's arrays take on the device, as TornadoVM counts them. */
  long deviceBytes() {
    return thread.call(plan::getCurrentDeviceMemoryUsage);
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  /** The tasks of the size that runs a batch. */
  List<KernelTask> tasks(int batch) {
    return smallest(batch, false).recorded.tasks();
  }

  /** Those of them that TornadoVM compiles, in that order. */
  List<KernelTask> compiled(int batch) {
    return smallest(batch, false).recorded.compiled(target.compilesLastTaskAlways());
  }

  @Override
  public Outputs run(float[] input, int batch) {
    runGraphs(input, batch, (graph, result) -> {});
    Map<Buffer, float[]> outputs = new HashMap<>();
    for (Buffer output : program.program().outputs()) {
      outputs.put(output, values(program.valueArray(output), batch * output.size()));
    }
    return new Outputs(outputs);
  }

  private static float[] values(TornadoNativeArray array, int count) {
    float[] values = new float[count];
    MemorySegment from = array.getSegment();
    if (array instanceof HalfFloatArray) {
      for (int i = 0; i < count; i++) {
        values[i] =
            Float.float16ToFloat(
                from.get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) Short.BYTES * i));
      }
    } else {
      MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, count);
    }
    return values;
  }

  /** As its interface says. Of what is replayed no times can be taken. */
  @Override
  public List<KernelTime> profile(float[] input, int batch) {
    if (replays) {
      return launchingSingly(batch).profile(input, batch);
    }
    run(input, batch); // compiles, if need be
    List<KernelTime> times = new ArrayList<>();
    thread.call(() -> plan.withProfiler(ProfilerMode.SILENT));
    try {
      runGraphs(
          input,
          batch,
          (graph, result) ->
              times.addAll(
                  KernelTimes.read(result.getProfilerResult().getProfileLog(), graph.tasks())));
    } finally {
      thread.finish(this::stopProfiler);
    }
    return KernelTimes.requireMeasured(times);
  }

  private synchronized TornadoPlan launchingSingly(int batch) {
    requireUsable(closed.get());
    TornadoPlan other = launchingSingly;
    if (other == null || other.isBroken()) {
      closeLaunchingSingly();
      other = backend.openLaunchingSingly(program.program(), maxBatch);
      launchingSingly = other;
    }
    if (batch > other.maxBatch() && batch <= maxBatch) {
      throw new BackendException(
          "tornado",
          ("to take times needs weights and buffers a second time, for which device '%s' has room"
                  + " with at most %d images; use a smaller batch, or start java with -D%s=false")
              .formatted(target.name(), other.maxBatch(), TornadoProperties.CUDA_GRAPHS));
    }
    return other;
  }

  private void stopProfiler() {
    if (!broken && !released) {
      plan.withoutProfiler();
    }
  }

  /** Runs the graphs of a batch, handing on what TornadoVM says of each. */
  private void runGraphs(
      float[] input, int batch, BiConsumer<PassGraph, TornadoExecutionResult> results) {
    backend.requireOpen();
    requireUsable(closed.get());
    program.program().requireInput(input, batch, maxBatch);
    thread.call(
        () -> {
          requireUsable(released);
          requireAlive();
          BatchGraphs graphs = graphsFor(batch);
          bring(graphs, input, batch * program.program().input().size());
          program.program().outputs().forEach(output -> Arrival.expect(program.valueArray(output)));
          Arrival.expect(program.launches());
          int next = graphs.firstGraph + 2;
          for (PassGraph graph : graphs.recorded.graphs()) {
            if (!graphs.compiled) {
              requireAlive(); // TornadoVM would make a wild pointer of a capture that failed.
            }
            results.accept(graph, execute(next++));
          }
          requireAnswers(graphs.recorded);
          graphs.compiled = true;
          return graphs;
        });
  }

  /** On a device that was lost meanwhile TornadoVM would use events that it never gets. */
  private void requireAlive() {
    if (target.driverError() != null) {
      throw failed(true, "before this run");
    }
  }

  /** Brings the input to the device; at the first time shows that it is there. */
  private void bring(BatchGraphs graphs, float[] input, int values) {
    FloatArray array = graphs.recorded.input();
    MemorySegment pixels = array.getSegment();
    MemorySegment.copy(input, 0, pixels, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values);
    pixels.asSlice((long) values * Float.BYTES).fill((byte) 0);
    run = run % MAX_RUN + 1;
    array.set(array.getSize() - 1, run);
    execute(graphs.firstGraph);
    if (!graphs.inputIsThere) {
      requireThere(graphs.firstGraph + 1, array);
      graphs.inputIsThere = true;
    }
  }

  /**
   * Arrays have to be on the device with their contents: they come back as they were. A kernel that
   * used one that has no memory there would end the process.
   *
   * @param back the graph that brings them back
   */
  private void requireThere(int back, Object... arrays) {
    List<TornadoNativeArray> sent = Stream.of(arrays).map(TornadoNativeArray.class::cast).toList();
    List<Long> sums = sent.stream().map(Arrival::checksum).toList();
    sent.forEach(Arrival::expect);
    execute(back);
    for (int i = 0; i < sent.size(); i++) {
      if (Arrival.checksum(sent.get(i)) != sums.get(i)) {
        throw failed(
            true,
            "an array of %d bytes was not allocated there or not brought there"
                .formatted(sent.get(i).getNumBytesOfSegment()));
      }
    }
  }

  /** Every kernel of the run has to have run, on its input, and every output to have come back. */
  private void requireAnswers(Recorded ran) {
    IntArray launches = program.launches();
    if (!Arrival.came(launches, Launches.SIZE)) {
      throw failed(true, "nothing came back from it");
    }
    if (launches.get(1) != run) {
      throw failed(true, "the input was not brought there, or not read");
    }
    if (launches.get(0) != ran.launches()) {
      throw failed(
          false,
          "%d of %d kernels did not run"
              .formatted(ran.launches() - launches.get(0), ran.launches()));
    }
    for (Buffer output : program.program().outputs()) {
      if (!Arrival.came(program.valueArray(output), (long) ran.batch() * output.size())) {
        throw failed(true, "'%s' did not come back from it".formatted(output.name()));
      }
    }
  }

  /**
   * The device failed in silence, as TornadoVM's devices do.
   *
   * @param copy whether a copy may have failed
   * @param what it did not do, a clause
   */
  private BackendException failed(boolean copy, String what) {
    broken = true;
    target.use().distrust();
    String error = target.driverError();
    String said = vm.output().error();
    // A device that is lost fails at all that came after, too; OpenCL does not say whether it is.
    abandoned |= copy || error != null || !target.isCuda();
    return new BackendException(
        "tornado",
        "device '%s' failed%s: %s; try again, choose another device, or use backend cpu"
            .formatted(
                target.name(),
                error == null ? "" : " (" + error + ")",
                said == null ? what : what + " (" + said + ")"));
  }

  /**
   * The smallest size that holds a batch. If that one would have to be compiled first, which takes
   * seconds, and a larger one is there, the larger serves the first time: the rest of a long list
   * of images comes once.
   */
  private BatchGraphs graphsFor(int batch) {
    BatchGraphs exact = smallest(batch, false);
    if (exact.compiled || !askedFor.add(exact.recorded.batch())) {
      return exact;
    }
    return smallest(batch, true);
  }

  private BatchGraphs smallest(int batch, boolean preferCompiled) {
    BatchGraphs smallest = null;
    for (BatchGraphs graphs : sizes) {
      if (graphs.recorded.batch() >= batch) {
        if (!preferCompiled || graphs.compiled) {
          return graphs;
        }
        smallest = smallest == null ? graphs : smallest;
      }
    }
    if (smallest == null) {
      throw new IllegalArgumentException("no graph holds " + batch + " images");
    }
    return smallest;
  }

  /**
   * Executes one graph. Looks again whether it may: while the call waited for the device's thread,
   * another thread may have closed the plan, or a run failed that its caller had given up.
   */
  private TornadoExecutionResult execute(int graph) {
    requireUsable(released);
    TornadoExecutionResult result;
    vm.output().finish(); // What another plan left behind is no failure of this one.
    try {
      result = plan.withGraph(graph).withGridScheduler(grids).execute();
    } catch (RuntimeException | Error failure) {
      broken = true;
      abandoned |= !DeviceThread.isFull(failure); // That one is thrown before anything is copied.
      target.use().distrust();
      String error = vm.output().error();
      // What TornadoVM makes of a device that failed is misleading.
      if (error != null || target.driverError() != null) {
        throw failed(true, (error == null ? "" : error + "; ") + DeviceThread.summary(failure));
      }
      throw failure;
    }
    String error = vm.output().error();
    if (error != null) {
      throw failed(true, error);
    }
    return result;
  }

  private void requireUsable(boolean isClosed) {
    if (isClosed) {
      throw new IllegalStateException("the plan is closed");
    }
    if (broken) {
      throw new BackendException(
          "tornado", "the device failed in an earlier run of this plan; make another");
    }
  }

  @Override
  public boolean isBroken() {
    return broken;
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      try {
        closeLaunchingSingly();
      } finally {
        backend.forget(this);
        thread.finish(this::release);
      }
    }
  }

  private synchronized void closeLaunchingSingly() {
    if (launchingSingly != null) {
      launchingSingly.close();
    }
  }

  /** Gives the device's memory back. Runs on the device's thread. */
  void release() {
    released = true;
    if (abandoned) {
      LOG.log(
          Level.DEBUG,
          "{0} MiB of device ''{1}'' stay taken until this process ends: the device failed",
          Math.ceilDiv(reserved, 1L << 20),
          target.name());
      return;
    }
    target.use().take(-reserved);
    try (plan) {
      plan.freeDeviceMemory();
    } catch (Exception | Error failure) {
      if (!broken) {
        throw new BackendException(
            "tornado", "could not be closed: " + DeviceThread.summary(failure), failure);
      }
      LOG.log(Level.DEBUG, "closing a plan that had failed", failure);
    }
  }
}
