package io.github.tornadovit.kernels.backend;

import java.util.List;

/**
 * What a model of time expects of a forward pass on a GPU. No GPU has confirmed it.
 *
 * @param gpu that it is for
 * @param images of the pass
 * @param graphs that the host starts, and waits for: one for each section of the program, and one
 *     for the input
 * @param launches in order, the copy of the input first
 */
public record PassEstimate(Gpu gpu, int images, int graphs, List<Expected> launches) {
  public PassEstimate {
    launches = List.copyOf(launches);
  }

  /** What takes a launch's time. */
  public enum Bound {
    /** Issue slots, float32 units or tensor cores are busy. */
    ARITHMETIC,
    /** Each warp waits for itself: there are too few of them. */
    LATENCY,
    /** Bytes of the second level cache. */
    CACHE,
    /** Bytes of device memory. */
    MEMORY,
    /** Bytes from the host. */
    BUS,
    /** The launch itself takes longer than what it does. */
    LAUNCH
  }

  /**
   * A launch.
   *
   * @param time expected
   * @param bound what takes it
   */
  public record Expected(KernelTime time, Bound bound) {}

  /** The whole pass. */
  public long nanos() {
    return launches.stream().mapToLong(launch -> launch.time().nanos()).sum();
  }

  /** Kernels; the copy of the input is none. */
  public long kernels() {
    return launches.stream().filter(launch -> launch.bound() != Bound.BUS).count();
  }

  /** Images per second. */
  public double rate() {
    return 1e9 * images / nanos();
  }
}
