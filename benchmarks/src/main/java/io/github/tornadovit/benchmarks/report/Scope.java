package io.github.tornadovit.benchmarks.report;

/** The extent of a run. */
enum Scope {
  /**
   * The forward pass of our CPU backend and of other engines. One that was named and cannot run
   * ends the run, and so do answers that differ from ours.
   */
  PEERS,
  /**
   * Every mode on every device as well, kernel by kernel, and the parts of a cold start. Who cannot
   * run is listed with the reason, and how far answers agree.
   */
  EVERYTHING
}
