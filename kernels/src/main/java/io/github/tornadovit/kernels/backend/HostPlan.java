package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private int lastBatch;

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
  public void run(float[] input, int batch) {
    run(input, batch, Step::run);
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
                operation.name(),
                operation.output().name(),
                section.name(),
                "host",
                nanos.get(times.size()),
                batch * operation.flops(),
                operation.bytes(batch)));
      }
    }
    return times;
  }

  private void run(float[] input, int batch, ObjIntConsumer<Step> runner) {
    float[] destination = open().of(program.input());
    if (batch < 1 || batch > maxBatch) {
      throw new IllegalArgumentException(
          "batch is %d, expected 1 to %d".formatted(batch, maxBatch));
    }
    int length = batch * program.input().size();
    if (input.length < length) {
      throw new IllegalArgumentException(
          "input has %d values, expected %d: %d images of %s"
              .formatted(input.length, length, batch, program.input()));
    }
    lastBatch = 0;
    System.arraycopy(input, 0, destination, 0, length);
    for (Step step : steps) {
      runner.accept(step, batch);
    }
    lastBatch = batch;
  }

  @Override
  public float[] output(Buffer output) {
    HostBuffers open = open();
    if (!program.outputs().contains(output)) {
      throw new IllegalArgumentException(
          "%s is no output of the program, which has %s".formatted(output, program.outputs()));
    }
    if (lastBatch == 0) {
      throw new IllegalStateException("the plan has not run, or its last run failed");
    }
    return Arrays.copyOf(open.of(output), lastBatch * output.size());
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
