package io.github.tornadovit.benchmarks.kernel;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The arithmetic that a benchmark did; JMH divides it by the time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  static final String GIGAFLOPS = "gigaflops";

  /** 10^9 operations so far in this iteration, a multiply-add counted as two. */
  public double gigaflops;
}
