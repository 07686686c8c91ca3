package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.backend.Multiprocessors;

/**
 * How the groups of a launch fill a GPU's multiprocessors, and for how long. The busiest one has
 * ceil(groups / multiprocessors) groups, of which as many run at a time as its registers, local
 * memory and threads allow: a wave. In a wave each of the four schedulers goes through the rounds
 * of its warps. A round takes what the scheduler issues for all of its warps or, with few of them,
 * what one warp takes that waits for itself.
 *
 * @param residentGroups of a multiprocessor
 * @param cycles of the busiest multiprocessor
 * @param waiting whether its warps wait for themselves in most of the time
 */
public record Occupancy(int residentGroups, double cycles, boolean waiting) {
  private static final int SCHEDULERS = 4;
  private static final int WARP = 32;
  private static final int REGISTERS = 65_536;

  /** Local memory that the driver takes of each group. */
  private static final int LOCAL_RESERVED = 1024;

  /** Multiply-adds of {@code mma.m16n8k16}. */
  private static final int FRAGMENT = 16 * 8 * 16;

  /** Of a wave: the first loads before its rounds, the stores after them. */
  private static final int START = 1500;

  /** What is issued twice, or not in a cycle where it could be. */
  private static final double ISSUE_LOSS = 1.03;

  /** A warp by itself: results of one instruction that the next one waits for. */
  private static final double ALONE_LOSS = 1.1;

  /** The occupancy of a launch. */
  public static Occupancy of(Launch launch, Multiprocessors on) {
    Effort effort = launch.effort();
    int resident = residentGroups(launch, on);
    double cost =
        Math.max(
            effort.instructions().on(on.capability()),
            Math.max(
                (double) effort.multiplyAdds() * SCHEDULERS * WARP / on.lanes(),
                effort.matrixMultiplyAdds() == 0
                    ? 0
                    : (double) effort.matrixMultiplyAdds()
                        * SCHEDULERS
                        * FRAGMENT
                        / on.tensorMultiplyAdds()));
    double alone = cost * ALONE_LOSS + effort.latency();
    double cycles = 0;
    double waiting = 0;
    long left = Math.ceilDiv(launch.groups(), (long) on.count());
    while (left > 0) {
      long groups = Math.min(left, resident);
      long warps = groups * Math.ceilDiv(launch.groupSize(), WARP);
      double issued = Math.ceilDiv(warps, (long) SCHEDULERS) * cost * ISSUE_LOSS;
      double wave = Math.max(issued, alone) * effort.rounds() + START;
      cycles += wave;
      waiting += alone > issued ? wave : 0;
      left -= groups;
    }
    return new Occupancy(resident, cycles, 2 * waiting > cycles);
  }

  /** What the multiprocessors and the second level cache take for a launch, device memory apart. */
  public static double nanos(Launch launch, Multiprocessors on) {
    return Math.max(
        of(launch, on).cycles() / on.gigahertz(), launch.effort().cacheBytes() / on.cacheRate());
  }

  /** At least one, as the launch would be refused else. */
  private static int residentGroups(Launch launch, Multiprocessors on) {
    int each = launch.effort().registers().on(on.capability());
    int registers = Math.ceilDiv(each, 8) * 8 * launch.groupSize();
    int local = launch.localBytes() + LOCAL_RESERVED;
    return Math.max(
        1,
        Math.min(
            on.threads() / launch.groupSize(),
            Math.min(REGISTERS / registers, (on.localKilobytes() << 10) / local)));
  }
}
