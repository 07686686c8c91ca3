package io.github.tornadovit.kernels.launch;

/**
 * What a launch asks of a device, for a model of its time. Registers and instructions are those of
 * ptxas's machine code where they are known, else estimates.
 *
 * @param registers of a thread
 * @param rounds that a warp goes through one after the other
 * @param instructions of a warp in a round
 * @param multiplyAdds of these, those on 32 floats each
 * @param matrixMultiplyAdds of these, {@code mma.m16n8k16} of float16
 * @param latency cycles of a round in which a warp waits for memory or for others, and only other
 *     warps can use its multiprocessor
 * @param cacheBytes that all groups together move between the second level cache and the
 *     multiprocessors
 */
public record Effort(
    PerTarget registers,
    int rounds,
    PerTarget instructions,
    int multiplyAdds,
    int matrixMultiplyAdds,
    int latency,
    long cacheBytes) {

  /** Cycles of a trip to device memory. */
  public static final int MEMORY_LATENCY = 600;

  /** The same registers and instructions for every target. */
  public Effort(
      int registers,
      int rounds,
      int instructions,
      int multiplyAdds,
      int matrixMultiplyAdds,
      int latency,
      long cacheBytes) {
    this(
        PerTarget.all(registers),
        rounds,
        PerTarget.all(instructions),
        multiplyAdds,
        matrixMultiplyAdds,
        latency,
        cacheBytes);
  }
}
