package io.github.tornadovit.benchmarks.model;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Images that a benchmark did; JMH divides by the time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class ImageRates {
  /** So far in this iteration. */
  public double images;

  /**
   * The same in seconds that the model card of the architecture took for as many, so that JMH
   * prints how many times as fast this is; not a number where no card publishes a rate.
   */
  public double ofPublished;

  /** For JMH. */
  public ImageRates() {}

  /**
   * Counts a batch.
   *
   * @param published images per second of the card; not a number for none
   */
  void add(int batch, double published) {
    images += batch;
    ofPublished += batch / published;
  }
}
