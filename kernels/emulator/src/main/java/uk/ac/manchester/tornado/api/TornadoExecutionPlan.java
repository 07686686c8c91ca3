package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.EmulatedDevice;
import io.github.tornadovit.emulator.EmulatedPlan;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * Executes task graphs on one device. As in TornadoVM, {@code with…} changes the plan and returns
 * it.
 */
public class TornadoExecutionPlan implements AutoCloseable {
  private final EmulatedPlan plan;

  public TornadoExecutionPlan(ImmutableTaskGraph... graphs) {
    plan = new EmulatedPlan(Arrays.stream(graphs).map(graph -> graph.definition).toList());
  }

  public static TornadoDevice getDevice(int backend, int device) {
    return EmulatedDevice.runtime().getBackend(backend).getDevice(device);
  }

  public TornadoExecutionResult execute() {
    return new TornadoExecutionResult(plan, plan.execute());
  }

  public TornadoExecutionPlan withGraph(int index) {
    plan.select(index);
    return this;
  }

  public TornadoExecutionPlan withAllGraphs() {
    plan.selectAll();
    return this;
  }

  public TornadoExecutionPlan withPreCompilation() {
    plan.compile();
    return this;
  }

  public TornadoExecutionPlan withDevice(TornadoDevice device) {
    plan.useDevice(device);
    return this;
  }

  public TornadoDevice getDevice(int graph) {
    return plan.device(graph);
  }

  public TornadoExecutionPlan withGridScheduler(GridScheduler grids) {
    plan.useGrids(grids);
    return this;
  }

  public TornadoExecutionPlan withDefaultScheduler() {
    plan.useDefaultGrids();
    return this;
  }

  /** What is captured at the first execution and replayed is here executed again. */
  public TornadoExecutionPlan withCUDAGraph() {
    return this;
  }

  public TornadoExecutionPlan withProfiler(ProfilerMode mode) {
    plan.profile(true);
    return this;
  }

  public TornadoExecutionPlan withoutProfiler() {
    plan.profile(false);
    return this;
  }

  /** Kernels are Java here: there is nothing to print. */
  public TornadoExecutionPlan withPrintKernel() {
    return this;
  }

  public TornadoExecutionPlan withoutPrintKernel() {
    return this;
  }

  public TornadoExecutionPlan freeDeviceMemory() {
    plan.free();
    return this;
  }

  public long getCurrentDeviceMemoryUsage() {
    return plan.deviceBytes();
  }

  @Override
  public void close() throws TornadoExecutionPlanException {
    plan.close();
  }
}
