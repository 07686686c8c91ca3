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
import io.github.tornadovit.kernels.tornado.Residents.Admission;
import io.github.tornadovit.kernels.tornado.Residents.Loader;
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
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
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

  private final DeviceThread thread;
  private final TornadoBackend backend;
  private final TornadoTarget target;
  private final DeviceProgram program;
  private final Residents residents;
  private final List<Loader> loaders;
  private final GridScheduler grids = new GridScheduler();
  private final List<BatchGraphs> sizes = new ArrayList<>();
  private final Set<Integer> askedFor = new HashSet<>();
  private final GraphRunner runner;
  private final boolean replays;
  private final int maxBatch;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What the inputs take of the device. */
  private long inputBytes;

  /** The number of the last run. */
  private int run;

  /** The same program, its kernels launched one by one; made by the first {@link #profile}. */
  private @Nullable TornadoPlan launchingSingly;

  /** The graphs of one batch size and where they are in the plan. */
  private static final class BatchGraphs {
    final Recorded recorded;
    final int bringInput;
    boolean compiled;
    boolean inputIsThere;

    BatchGraphs(Recorded recorded, int bringInput) {
      this.recorded = recorded;
      this.bringInput = bringInput;
    }

    int inputBack() {
      return bringInput + 1;
    }

    int firstOfPass() {
      return bringInput + 2;
    }
  }

  /**
   * Builds a plan and brings to the device what is missing there. Runs on the device's thread.
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
    this.replays = replays;
    thread = vm.thread();
    this.backend = backend;
    this.program = program;
    residents = backend.residentsFor(program);
    this.target = target;
    DeviceMemory memory = new DeviceMemory(program, residents, target);
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
    Admission admission = residents.prepare(program, maxBatch);
    program.settle(admission);
    List<ImmutableTaskGraph> all = new ArrayList<>();
    loaders = admission.loaders();
    for (Loader loader : loaders) {
      all.add(loader.bring());
      all.add(loader.back());
    }
    String name = vm.newPlanName();
    KernelContext context = new KernelContext();
    String loader = loaders.getLast().name();
    for (int batch : DeviceMemory.buckets(maxBatch)) {
      Recorded recorded =
          new GraphRecorder(
                  name + "_batch_" + batch, loader, program, target, context, grids, batch)
              .record();
      sizes.add(new BatchGraphs(recorded, all.size()));
      all.add(recorded.bringInput());
      all.add(recorded.inputBack());
      recorded.graphs().forEach(graph -> all.add(graph.graph()));
    }
    runner = new GraphRunner(vm, target, residents, all);
    inputBytes = memory.inputBytes(maxBatch);
    target.use().take(inputBytes);
    residents.admit(this, admission);
    try {
      handOver();
      Loader fresh = admission.fresh();
      if (fresh != null) {
        runner.requireThere(2 * loaders.size() - 1, fresh.grids(), fresh.arrays());
        handOver();
      }
      if (replays) {
        runner.replay();
      }
    } catch (RuntimeException | Error failure) {
      try {
        release(); // Nobody else has the plan yet.
      } catch (BackendException unfreed) {
        failure.addSuppressed(unfreed);
      }
      throw failure;
    }
  }

  /** Has the loaders, which upload once, hand what they brought over to the graph that is next. */
  private void handOver() {
    for (int i = 0; i < loaders.size(); i++) {
      runner.execute(2 * i, loaders.get(i).grids());
    }
  }

  /** Bytes that the plan's arrays take on the device, as TornadoVM counts them. */
  long deviceBytes() {
    return thread.call(runner::deviceBytes);
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
    return runGraphs(input, batch, (graph, result) -> {});
  }

  /** The outputs of the pass that has just ended. */
  private Outputs outputs(int batch) {
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
      return launchingSingly().profile(input, batch);
    }
    run(input, batch); // compiles, if need be
    List<KernelTime> times = new ArrayList<>();
    thread.finish(() -> runner.profile(true));
    try {
      runGraphs(
          input,
          batch,
          (graph, result) ->
              times.addAll(
                  KernelTimes.read(result.getProfilerResult().getProfileLog(), graph.tasks())));
    } finally {
      thread.finish(() -> runner.profile(false));
    }
    return KernelTimes.requireMeasured(times);
  }

  private synchronized TornadoPlan launchingSingly() {
    requireUsable();
    TornadoPlan other = launchingSingly;
    if (other == null) {
      other = backend.openLaunchingSingly(program.program(), maxBatch);
      launchingSingly = other;
    }
    return other;
  }

  private void requireUsable() {
    if (closed.get()) {
      throw new IllegalStateException("the plan is closed");
    }
    runner.requireUsable();
  }

  /** Runs the graphs of a batch, handing on what TornadoVM says of each. */
  private Outputs runGraphs(
      float[] input, int batch, BiConsumer<PassGraph, TornadoExecutionResult> results) {
    backend.requireOpen();
    requireUsable();
    program.program().requireInput(input, batch, maxBatch);
    return thread.call(
        () -> {
          runner.requireUsable();
          runner.requireAlive();
          BatchGraphs graphs = graphsFor(batch);
          bring(graphs, input, batch * program.program().input().size());
          program.program().outputs().forEach(output -> Arrival.expect(program.valueArray(output)));
          Arrival.expect(program.launches());
          int next = graphs.firstOfPass();
          for (PassGraph graph : graphs.recorded.graphs()) {
            if (!graphs.compiled) {
              runner.requireAlive(); // TornadoVM would make a wild pointer of a failed capture.
            }
            results.accept(graph, runner.execute(next++, grids));
          }
          requireAnswers(graphs.recorded);
          graphs.compiled = true;
          return outputs(batch); // The next run, of another plan, writes over them.
        });
  }

  /** Brings the input to the device; at the first time shows that it is there. */
  private void bring(BatchGraphs graphs, float[] input, int values) {
    FloatArray array = graphs.recorded.input();
    MemorySegment pixels = array.getSegment();
    MemorySegment.copy(input, 0, pixels, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values);
    pixels.asSlice((long) values * Float.BYTES).fill((byte) 0);
    if (!graphs.inputIsThere) {
      runner.execute(graphs.bringInput, grids);
      runner.requireThere(graphs.inputBack(), grids, List.of(array));
      graphs.inputIsThere = true;
      handOver();
    }
    run = residents.nextRun();
    array.set(array.getSize() - 1, run);
    runner.execute(graphs.bringInput, grids);
  }

  /** Every kernel of the run has to have run, on its input, and every output to have come back. */
  private void requireAnswers(Recorded ran) {
    IntArray launches = program.launches();
    if (!Arrival.came(launches, Launches.SIZE)) {
      throw runner.failed(true, "nothing came back from it");
    }
    if (launches.get(1) != run) {
      throw runner.failed(true, "the input was not brought there, or not read");
    }
    if (launches.get(0) != ran.launches()) {
      throw runner.failed(
          false,
          "%d of %d kernels did not run"
              .formatted(ran.launches() - launches.get(0), ran.launches()));
    }
    for (Buffer output : program.program().outputs()) {
      if (!Arrival.came(program.valueArray(output), (long) ran.batch() * output.size())) {
        throw runner.failed(true, "'%s' did not come back from it".formatted(output.name()));
      }
    }
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

  @Override
  public boolean isBroken() {
    return residents.isBroken();
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
    runner.release();
    residents.leave(this);
  }

  /** Frees what no other plan shares, once. */
  void freeInputs() {
    target.use().take(-inputBytes);
    inputBytes = 0;
    for (BatchGraphs graphs : sizes) {
      if (graphs.inputIsThere) {
        graphs.inputIsThere = false;
        runner.free(graphs.inputBack());
      }
    }
  }

  /**
   * Has the driver forget the launches that it keeps, after {@link #freeInputs}: to free a graph
   * TornadoVM does that first. Then it comes to the input, which is free, and refuses, before it
   * comes to arrays that others share.
   *
   * @param alone whether no other plan shares; else nothing is done before TornadoVM is seen to
   *     refuse
   */
  void forgetReplays(boolean alone) {
    if (!replays || !(alone || target.use().refusesToFreeTwice())) {
      return;
    }
    for (BatchGraphs graphs : sizes) {
      int end = graphs.firstOfPass() + graphs.recorded.graphs().size();
      for (int graph = graphs.bringInput; graph < end; graph++) {
        try {
          runner.free(graph);
        } catch (RuntimeException | Error refused) {
          target.use().refusedToFreeTwice();
          LOG.log(Level.TRACE, "its input is free", refused);
        }
      }
    }
  }
}
