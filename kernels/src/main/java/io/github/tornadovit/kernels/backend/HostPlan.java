package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** A program whose operations run one after the other on arrays of the Java heap. */
final class HostPlan implements Plan {
  private final Program program;
  private final int maxBatch;
  private final BooleanSupplier backendClosed;
  private Step[] steps;
  private @Nullable HostBuffers buffers;

  HostPlan(
      Program program,
      int maxBatch,
      HostBuffers buffers,
      List<Step> steps,
      BooleanSupplier backendClosed) {
    this.program = program;
    this.maxBatch = maxBatch;
    this.buffers = buffers;
    this.steps = steps.toArray(Step[]::new);
    this.backendClosed = backendClosed;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public Outputs run(float[] input, int batch) {
    HostBuffers ran = run(input, batch, Step::run);
    Map<Buffer, float[]> outputs = new HashMap<>();
    for (Buffer output : program.outputs()) {
      outputs.put(output, Arrays.copyOf(ran.of(output), batch * output.size()));
    }
    return new Outputs(outputs);
  }

  @Override
  public List<KernelTime> profile(float[] input, int batch) {
    List<Long> nanos = new ArrayList<>();
    run(
        input,
        batch,
        (step, images) -> {
          long start = System.nanoTime();
          step.run(images);
          nanos.add(System.nanoTime() - start);
        });
    List<KernelTime> times = new ArrayList<>();
    for (Program.Section section : program.sections()) {
      for (Operation operation : section.operations()) {
        times.add(
            new KernelTime(
                new KernelTask(
                    operation.name() + " " + times.size(),
                    operation.name(),
                    operation.output().name(),
                    section.name(),
                    "host",
                    batch * operation.flops(),
                    operation.bytes(batch)),
                nanos.get(times.size())));
      }
    }
    return times;
  }

  private HostBuffers run(float[] input, int batch, ObjIntConsumer<Step> runner) {
    HostBuffers open = open();
    program.requireInput(input, batch, maxBatch);
    System.arraycopy(input, 0, open.of(program.input()), 0, batch * program.input().size());
    for (Step step : steps) {
      runner.accept(step, batch);
    }
    return open;
  }

  @Override
  public void close() {
    buffers = null;
    steps = new Step[0];
  }

  private HostBuffers open() {
    if (buffers == null) {
      throw new IllegalStateException("the plan is closed");
    }
    if (backendClosed.getAsBoolean()) {
      throw new IllegalStateException("the backend of the plan is closed");
    }
    return buffers;
  }
}
