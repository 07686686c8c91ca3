package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.launch.KernelTask;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tornado.GraphRecorder.Recorded;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A program on a device: graphs for batches of 1, 2, 4, … images and the largest batch, which share
 * weights and buffers. The graphs of a batch size are compiled when it first runs; a batch between
 * two sizes is padded.
 */
final class TornadoPlan implements Plan {
  private static final Logger LOG = System.getLogger(TornadoPlan.class.getName());

  /** TornadoVM's caches are keyed by name: no two graphs of a JVM may share one. */
  private static final AtomicInteger PLANS = new AtomicInteger();

  private final TornadoBackend backend;
  private final DeviceProgram program;
  private final GridScheduler grids = new GridScheduler();
  private final List<BatchGraphs> sizes = new ArrayList<>();
  private final Set<Integer> askedFor = new HashSet<>();
  private final TornadoExecutionPlan plan;
  private final long reserved;
  private final int maxBatch;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** After a failure TornadoVM's state is unknown: to execute again may end the process. */
  private volatile boolean broken;

  /** Whether the device's memory was given back. Known to the device's thread. */
  private boolean released;

  private int lastBatch;

  /** The graphs of one batch size and where they are in the plan. */
  private static final class BatchGraphs {
    final Recorded recorded;
    final int firstGraph;
    boolean compiled;

    BatchGraphs(Recorded recorded, int firstGraph) {
      this.recorded = recorded;
      this.firstGraph = firstGraph;
    }
  }

  /** Builds a plan and brings its weights to the device. Runs on the backend's thread. */
  TornadoPlan(TornadoBackend backend, TornadoTarget target, Program program, int asked) {
    this.backend = backend;
    this.program = new DeviceProgram(program);
    DeviceMemory memory = new DeviceMemory(this.program, target, backend.freeBytes());
    maxBatch = memory.largestBatch(asked);
    if (maxBatch < asked) {
      LOG.log(
          Level.WARNING,
          "a batch of {0} needs {1} MiB, device ''{2}'' has {3} MiB free; batches are at most {4}",
          asked,
          memory.bytes(asked) >> 20,
          target.name(),
          backend.freeBytes() >> 20,
          maxBatch);
    }
    this.program.allocate(maxBatch);
    reserved = memory.bytes(maxBatch);
    String name = "vision_" + PLANS.incrementAndGet();
    KernelContext context = new KernelContext();
    List<ImmutableTaskGraph> graphs = new ArrayList<>();
    graphs.add(LoadGraph.record(name + "_load", this.program, grids, context));
    for (int batch : DeviceMemory.buckets(maxBatch)) {
      Recorded recorded =
          new GraphRecorder(
                  name + "_batch_" + batch,
                  name + "_load",
                  this.program,
                  target,
                  context,
                  grids,
                  batch)
              .record();
      sizes.add(new BatchGraphs(recorded, graphs.size()));
      graphs.addAll(recorded.graphs());
    }
    plan =
        new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new))
            .withDevice(target.device());
    backend.reserve(reserved);
    try {
      execute(0);
    } catch (RuntimeException | Error failure) {
      release(); // Nobody else has the plan yet.
      throw failure;
    }
  }

  /** Bytes that the plan's arrays take on the device, as TornadoVM counts them. */
  long deviceBytes() {
    return backend.call(plan::getCurrentDeviceMemoryUsage);
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  /** The tasks of the size that runs a batch. */
  List<KernelTask> tasks(int batch) {
    return smallest(batch, false).recorded.tasks();
  }

  @Override
  public void run(float[] input, int batch) {
    runGraphs(input, batch, result -> {});
  }

  @Override
  public List<KernelTime> profile(float[] input, int batch) {
    run(input, batch); // compiles, if need be
    StringBuilder logs = new StringBuilder();
    backend.call(() -> plan.withProfiler(ProfilerMode.SILENT));
    BatchGraphs ran;
    try {
      ran =
          runGraphs(
              input, batch, result -> logs.append(result.getProfilerResult().getProfileLog()));
    } finally {
      DeviceThread.finish(this::stopProfiler);
    }
    return KernelTimes.read(logs.toString(), ran.recorded.tasks());
  }

  private void stopProfiler() {
    if (!broken && !released) {
      plan.withoutProfiler();
    }
  }

  /** Runs the graphs of a batch, handing on what TornadoVM says of each. */
  private BatchGraphs runGraphs(
      float[] input, int batch, Consumer<TornadoExecutionResult> results) {
    requireReady();
    int size = program.program().input().size();
    if (batch < 1 || batch > maxBatch) {
      throw new IllegalArgumentException(
          "batch is %d, expected 1 to %d".formatted(batch, maxBatch));
    }
    if (input.length < (long) batch * size) {
      throw new IllegalArgumentException(
          "input has %d values, expected %d: %d images of %s"
              .formatted(input.length, batch * size, batch, program.program().input()));
    }
    lastBatch = 0;
    BatchGraphs ran =
        backend.call(
            () -> {
              BatchGraphs graphs = graphsFor(batch);
              MemorySegment pixels = graphs.recorded.input().getSegment();
              MemorySegment.copy(
                  input, 0, pixels, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, batch * size);
              pixels.asSlice((long) batch * size * Float.BYTES).fill((byte) 0);
              for (int i = 0; i < graphs.recorded.graphs().size(); i++) {
                results.accept(execute(graphs.firstGraph + i));
              }
              graphs.compiled = true;
              return graphs;
            });
    lastBatch = batch;
    return ran;
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
    try {
      return plan.withGraph(graph).withGridScheduler(grids).execute();
    } catch (RuntimeException | Error failure) {
      broken = true;
      throw failure;
    }
  }

  @Override
  public float[] output(Buffer output) {
    requireReady();
    if (!program.program().outputs().contains(output)) {
      throw new IllegalArgumentException(
          "%s is no output of the program, which has %s"
              .formatted(output, program.program().outputs()));
    }
    if (lastBatch == 0) {
      throw new IllegalStateException("the plan has not run, or its last run failed");
    }
    FloatArray array = program.array(output);
    float[] values = new float[lastBatch * output.size()];
    MemorySegment.copy(
        array.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
    return values;
  }

  private void requireReady() {
    backend.requireOpen();
    requireUsable(closed.get());
  }

  private void requireUsable(boolean isClosed) {
    if (isClosed) {
      throw new IllegalStateException("the plan is closed");
    }
    if (broken) {
      throw new BackendException(
          "tornado", "the device failed in an earlier run; close the model and load it again");
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      backend.forget(this);
      DeviceThread.finish(this::release);
    }
  }

  /** Gives the device's memory back. Runs on the device's thread. */
  void release() {
    released = true;
    backend.reserve(-reserved);
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
