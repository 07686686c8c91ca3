package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tornado.GraphRecorder.Recorded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A program as one task graph. Every run executes the whole graph for the plan's largest batch;
 * what a smaller batch leaves over is padded with zeros.
 */
final class TornadoPlan implements Plan {
  /** TornadoVM's caches are keyed by name: no two graphs of a JVM may share one. */
  private static final AtomicInteger GRAPHS = new AtomicInteger();

  private final TornadoBackend backend;
  private final Program program;
  private final int maxBatch;
  private final Recorded recorded;
  private @Nullable TornadoExecutionPlan plan;
  private int lastBatch;

  TornadoPlan(TornadoBackend backend, TornadoTarget target, Program program, int maxBatch) {
    this.backend = backend;
    this.program = program;
    this.maxBatch = maxBatch;
    requireMemory(target);
    recorded =
        backend.call(
            () ->
                new GraphRecorder(
                        "vision_" + GRAPHS.incrementAndGet(), target, new DeviceWeights(), maxBatch)
                    .record(program));
    plan =
        backend.call(() -> new TornadoExecutionPlan(recorded.graph()).withDevice(target.device()));
  }

  /** Refuses what cannot fit before anything is built. */
  private void requireMemory(TornadoTarget target) {
    long need = 0;
    for (Weight weight : program.weights()) {
      need += (long) weight.rows() * weight.columns() * Float.BYTES;
    }
    for (Buffer buffer : program.buffers()) {
      need += (long) maxBatch * buffer.size() * Float.BYTES;
    }
    if (need > target.memoryBytes()) {
      throw new BackendException(
          "tornado",
          "the model needs %d MiB at batch %d, device '%s' has %d MiB; use a smaller batch"
              .formatted(need >> 20, maxBatch, target.name(), target.memoryBytes() >> 20));
    }
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public void run(float[] input, int batch) {
    TornadoExecutionPlan open = plan;
    if (open == null) {
      throw new IllegalStateException("the plan is closed");
    }
    int size = program.input().size();
    if (batch < 1 || batch > maxBatch || input.length < (long) batch * size) {
      throw new IllegalArgumentException(
          "batch %d with %d values, expected 1 to %d with %d values an image"
              .formatted(batch, input.length, maxBatch, size));
    }
    backend.call(
        () -> {
          FloatArray pixels = host(program.input());
          MemorySegment data = pixels.getSegment();
          MemorySegment.copy(input, 0, data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, batch * size);
          data.asSlice((long) batch * size * Float.BYTES).fill((byte) 0);
          open.withGridScheduler(recorded.grids()).execute();
          return batch;
        });
    lastBatch = batch;
  }

  @Override
  public float[] output(Buffer output) {
    if (!program.outputs().contains(output)) {
      throw new IllegalArgumentException(output + " is no output, expected " + program.outputs());
    }
    if (lastBatch == 0) {
      throw new IllegalStateException("nothing was run yet");
    }
    float[] values = new float[lastBatch * output.size()];
    MemorySegment.copy(
        host(output).getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
    return values;
  }

  private FloatArray host(Buffer buffer) {
    FloatArray array = recorded.buffers().get(buffer);
    if (array == null) {
      throw new IllegalArgumentException("the program has no buffer " + buffer);
    }
    return array;
  }

  @Override
  public void close() {
    TornadoExecutionPlan open = plan;
    if (open != null) {
      plan = null;
      backend.call(
          () -> {
            try {
              open.close();
            } catch (TornadoExecutionPlanException failure) {
              throw new BackendException("tornado", "could not be closed: " + failure, failure);
            }
            return true;
          });
    }
  }
}
