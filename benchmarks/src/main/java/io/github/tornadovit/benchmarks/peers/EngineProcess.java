package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.engine.bench.Contestant;
import java.time.Duration;

/** A contestant with a process of its own: started, idle until asked. */
public interface EngineProcess extends Contestant {
  /** Processor time used so far, of all threads. */
  Duration processorTime();
}
