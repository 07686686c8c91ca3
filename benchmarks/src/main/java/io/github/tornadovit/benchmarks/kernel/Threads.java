package io.github.tornadovit.benchmarks.kernel;

/** Resolves the benchmarks' parameter {@code threads}. */
public final class Threads {
  private Threads() {}

  /** The number itself, or one per processor for 0, as the CPU backend takes it. */
  public static int resolve(int threads) {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
