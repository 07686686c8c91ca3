package io.github.tornadovit.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** An engine as the comparison sees it: started, idle until asked. */
public interface Contestant {
  /** What computes. */
  String name();

  /** The version of what computes. */
  String version();

  /** Logits {@code [B, K]} of the first images of the comparison. */
  float[] logits(int batch);

  /** Milliseconds of each forward pass that begins within a duration; at least one. */
  List<Double> measure(int batch, Duration duration);

  /** Processor time used so far, of all threads. */
  Duration processorTime();

  /** The most memory that was resident so far, in bytes; empty where the system does not say. */
  OptionalLong maxResidentBytes();
}
