package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.model.TornadoVitEngine;
import io.github.tornadovit.benchmarks.peers.WorkerProcess;
import java.util.List;

/**
 * One start of our engine, and what it says of it.
 *
 * @param totalMillis from the start of the process to the first label
 */
record ColdStart(double totalMillis, TornadoVitEngine.ColdStart nanos) {

  /** Asks a worker that has just started. */
  static ColdStart of(WorkerProcess worker) {
    return new ColdStart(
        worker.firstLabelMillis(), worker.ask("cold", TornadoVitEngine.ColdStart.class));
  }

  /** The parts; they add up to the total. */
  List<Result.Phase> phases(boolean onDevice) {
    double load = nanos.load() * 1e-6;
    double backend = nanos.backend() * 1e-6;
    double plan = nanos.plan() * 1e-6;
    double run = nanos.run() * 1e-6;
    // What a second plan does not do again. Never below zero: it may take longer by chance.
    double once = Math.max(0, plan - nanos.planAgain() * 1e-6);
    double compile = Math.max(0, run - nanos.runAgain() * 1e-6);
    Result.Phase jvm =
        new Result.Phase(
            "JVM",
            totalMillis - load - backend - plan - run,
            "the rest: start of the JVM, reading pixels, handing the label over");
    Result.Phase loading = new Result.Phase("load", load, "");
    return onDevice
        ? List.of(
            jvm,
            loading,
            new Result.Phase("TornadoVM", backend, "start of TornadoVM and its driver"),
            new Result.Phase(
                "pack, prove",
                once,
                "weights packed and copied to the device, kernels compiled and given known answers;"
                    + " by difference to a second plan, which finds them"),
            new Result.Phase("plan", plan - once, "graphs built"),
            new Result.Phase("compile", compile, "by difference: first pass less the second"),
            new Result.Phase("first run", run - compile, ""))
        : List.of(
            jvm,
            loading,
            new Result.Phase("backend", backend, "threads started"),
            new Result.Phase(
                "pack", once, "by difference to a second plan, which finds the weights packed"),
            new Result.Phase("plan", plan - once, "buffers allocated"),
            new Result.Phase("first run", run, "the JIT compiler works meanwhile: not told apart"));
  }
}
