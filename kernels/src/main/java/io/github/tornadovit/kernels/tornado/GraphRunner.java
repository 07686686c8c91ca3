package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Executes graphs, and finds out what TornadoVM says of a device that failed in its output only, or
 * not at all. For the device's thread, but for {@link #requireUsable}.
 */
final class GraphRunner {
  private final TornadoVm vm;
  private final TornadoTarget target;
  private final Residents residents;
  private final TornadoExecutionPlan plan;
  private volatile boolean released;

  GraphRunner(
      TornadoVm vm, TornadoTarget target, Residents residents, List<ImmutableTaskGraph> graphs) {
    this.vm = vm;
    this.target = target;
    this.residents = residents;
    plan =
        new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new))
            .withDevice(target.device());
  }

  /**
   * From now on NVIDIA's driver keeps the launches and copies of each graph that was not executed
   * yet when it first is, and from then on gets one call for all of them.
   */
  void replay() {
    plan.withAllGraphs().withCUDAGraph();
  }

  /** Has TornadoVM take times, or not. */
  void profile(boolean on) {
    if (on) {
      plan.withProfiler(ProfilerMode.SILENT);
    } else if (!residents.isBroken() && !released) {
      plan.withoutProfiler();
    }
  }

  /** Bytes that the arrays take on the device, as TornadoVM counts them. */
  long deviceBytes() {
    return plan.getCurrentDeviceMemoryUsage();
  }

  /**
   * Executes one graph. Looks again whether it may: while the call waited for the device's thread,
   * another thread may have closed the plan, or a run failed that its caller had given up.
   */
  TornadoExecutionResult execute(int graph, GridScheduler grids) {
    requireUsable();
    TornadoExecutionResult result;
    vm.output().finish(); // What another plan left behind is no failure of this one.
    try {
      result = plan.withGraph(graph).withGridScheduler(grids).execute();
    } catch (RuntimeException | Error failure) {
      residents.fail(!DeviceThread.isFull(failure)); // That one is thrown before a copy.
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

  /**
   * Arrays have to be on the device with their contents: they come back as they were. A kernel that
   * used one that has no memory there would end the process.
   *
   * @param back the graph that brings them back
   */
  void requireThere(int back, GridScheduler grids, List<? extends TornadoNativeArray> arrays) {
    List<Long> sums = arrays.stream().map(Arrival::checksum).toList();
    arrays.forEach(Arrival::expect);
    execute(back, grids);
    for (int i = 0; i < arrays.size(); i++) {
      if (Arrival.checksum(arrays.get(i)) != sums.get(i)) {
        throw failed(
            true,
            "an array of %d bytes was not allocated there or not brought there"
                .formatted(arrays.get(i).getNumBytesOfSegment()));
      }
    }
  }

  /** On a device that was lost meanwhile TornadoVM would use events that it never gets. */
  void requireAlive() {
    if (target.driverError() != null) {
      throw failed(true, "before this run");
    }
  }

  /** Refuses to use what is closed, or failed. */
  void requireUsable() {
    if (released) {
      throw new IllegalStateException("the plan is closed");
    }
    if (residents.isBroken()) {
      throw new BackendException(
          "tornado",
          "the device failed in an earlier run, of this plan or of one that shares its weights; make"
              + " another");
    }
  }

  /**
   * The device failed in silence, as TornadoVM's devices do.
   *
   * @param copy whether a copy may have failed
   * @param what it did not do, a clause
   */
  BackendException failed(boolean copy, String what) {
    String error = target.driverError();
    String said = vm.output().error();
    // A device that is lost fails at all that came after, too; OpenCL does not say whether it is.
    residents.fail(copy || error != null || !target.isCuda());
    return new BackendException(
        "tornado",
        "device '%s' failed%s: %s; try again, choose another device, or use backend cpu"
            .formatted(
                target.name(),
                error == null ? "" : " (" + error + ")",
                said == null ? what : what + " (" + said + ")"));
  }

  /** Nothing is executed any more. */
  void release() {
    released = true;
  }

  /** Frees what a graph brings, brings back or keeps, whoever else uses it. */
  void free(int graph) {
    plan.withGraph(graph).freeDeviceMemory();
  }
}
