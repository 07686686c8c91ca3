package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.peers.Entrant;
import io.github.tornadovit.benchmarks.peers.Launcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one checkpoint.
 *
 * @param entrants our CPU backend first
 * @param obstacles what is not even tried, and why
 * @param named whether the user named the entrants, so that in the scope of peers each must run
 * @param devices of TornadoVM, each at its index
 * @param scope how much to measure
 * @param batches ascending, so that the memory of one is not that of a larger one
 * @param images folder that the full pipeline reads, or null
 * @param imagesInWords what is in it
 */
record ReportSetting(
    Launcher launcher,
    List<Entrant> entrants,
    List<Result.Skipped> obstacles,
    boolean named,
    List<Result.Device> devices,
    Scope scope,
    List<Integer> batches,
    Result.Protocol protocol,
    @Nullable Path images,
    String imagesInWords) {

  /** The processor that an entrant runs on. */
  Processor processor(Entrant entrant) {
    Integer device = entrant.device();
    return entrant.engine().ours() && device != null
        ? Objects.requireNonNull(devices.get(device)).processor()
        : Processor.CPU;
  }
}
