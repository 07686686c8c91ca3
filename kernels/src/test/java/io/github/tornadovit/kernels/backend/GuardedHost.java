package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.fuzz.Guard;
import io.github.tornadovit.kernels.fuzz.Trial;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Runs one operation on the host, with an image of guards after the batch in every buffer, and in
 * all scratch memory. Before a buffer there is nothing to guard: operations get Java arrays from
 * index 0, below which Java throws and machine code is not let.
 */
public final class GuardedHost {
  private static final int GUARD_IMAGES = 1;

  private GuardedHost() {}

  /** What the oracle says. */
  public static float[] reference(Trial trial) {
    try (ReferenceBackend reference = new ReferenceBackend()) {
      HostBuffers buffers = buffers(trial);
      reference.prepare(trial.operation(), buffers).run(trial.batch());
      return buffers.of(trial.operation().output());
    }
  }

  /**
   * What inner loops say, on so many threads. Runs twice, to see that the result is the same to the
   * last bit and does not depend on what is in memory that was not written.
   *
   * @return the output with its guards
   */
  public static float[] cpu(Trial trial, CpuDevice device) {
    HostBuffers buffers = buffers(trial);
    // Not closed: the device is the caller's.
    Step step = new CpuBackend(device).prepare(trial.operation(), buffers);
    Map<Weight, float[]> panels = panels(trial.operation(), device);
    step.run(trial.batch());
    float[] first = buffers.of(trial.operation().output()).clone();
    fill(buffers, trial);
    for (int worker = 0; worker < device.team().size(); worker++) {
      Arrays.fill(device.scratch().of(worker), Guard.VALUE);
    }
    step.run(trial.batch());
    float[] second = buffers.of(trial.operation().output());
    checkInputs(trial, buffers);
    checkWeights(trial.operation(), device, panels);
    for (int i = 0; i < trial.outputSize(); i++) {
      if (Float.compare(first[i], second[i]) != 0) {
        throw new AssertionError(
            "the second run gives %s at %d, the first gave %s".formatted(second[i], i, first[i]));
      }
    }
    return second;
  }

  /** A device of loops, for {@link #cpu}. */
  public static CpuDevice device(InnerLoops loops, int threads) {
    return CpuDevice.open(loops, threads);
  }

  private static HostBuffers buffers(Trial trial) {
    HostBuffers buffers =
        new HostBuffers(Storage.separate(all(trial.operation())), trial.batch() + GUARD_IMAGES);
    fill(buffers, trial);
    return buffers;
  }

  private static Set<Buffer> all(Operation operation) {
    Set<Buffer> all = new LinkedHashSet<>(operation.inputs());
    all.add(operation.output());
    return all;
  }

  private static void fill(HostBuffers buffers, Trial trial) {
    for (Buffer buffer : all(trial.operation())) {
      Arrays.fill(buffers.of(buffer), Guard.VALUE);
    }
    trial
        .contents()
        .forEach(
            (buffer, values) -> System.arraycopy(values, 0, buffers.of(buffer), 0, values.length));
  }

  private static void checkInputs(Trial trial, HostBuffers buffers) {
    HostBuffers before = buffers(trial);
    for (Buffer buffer : trial.operation().inputs()) {
      if (!buffer.equals(trial.operation().output())) {
        float[] now = buffers.of(buffer);
        Guard.checkUnchanged("input " + buffer.name(), now, before.of(buffer), 0, now.length);
      }
    }
  }

  private static Map<Weight, float[]> panels(Operation operation, CpuDevice device) {
    Map<Weight, float[]> panels = new HashMap<>();
    for (Weight weight : operation.weights()) {
      if (device.hasPanels(weight)) {
        panels.put(weight, device.panels(weight).clone());
      }
    }
    return panels;
  }

  private static void checkWeights(
      Operation operation, CpuDevice device, Map<Weight, float[]> panels) {
    for (Weight weight : operation.weights()) {
      float[] rows = device.weights().rows(weight);
      Guard.checkUnchanged("weight " + weight.name(), rows, weight.toArray(), 0, rows.length);
      float[] packed = panels.get(weight);
      if (packed != null) {
        Guard.checkUnchanged(
            "packed " + weight.name(), device.panels(weight), packed, 0, packed.length);
      }
    }
  }
}
