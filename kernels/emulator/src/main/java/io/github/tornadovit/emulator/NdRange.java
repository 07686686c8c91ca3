package io.github.tornadovit.emulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * The checked sizes of one launch, by axis x, y, z.
 *
 * @param global work-items in all
 * @param local work-items of a group
 * @param groups groups, {@code global / local}
 */
record NdRange(Extent global, Extent local, Extent groups) {
  /** The most work-items that every device of interest takes in one group. */
  static final int MAX_GROUP = 1024;

  /** One work-item: how a task without a KernelContext runs. */
  static final NdRange SINGLE = single();

  private static NdRange single() {
    var one = new Extent(1, 1, 1);
    return new NdRange(one, one, one);
  }

  /**
   * Checks the grid of a KernelContext task: what TornadoVM would run wrongly and in silence is
   * refused.
   */
  static NdRange of(String task, @Nullable WorkerGrid grid) {
    if (grid == null) {
      throw bad(
          task, "takes a KernelContext and has no worker grid; TornadoVM would run one work-item");
    }
    long[] global = grid.getGlobalWork();
    long[] local = grid.getLocalWork();
    if (local == null) {
      throw bad(task, "has a grid without local size; the driver would choose one");
    }
    long items = 1;
    long group = 1;
    for (int axis = 0; axis < 3; axis++) {
      if (global[axis] < 1 || local[axis] < 1) {
        throw bad(task, "has an empty grid: " + text(global, local));
      }
      if (global[axis] % local[axis] != 0) {
        throw bad(
            task, "has a local size that does not divide the global size: " + text(global, local));
      }
      items = Math.multiplyExact(items, global[axis]);
      group = Math.multiplyExact(group, local[axis]);
    }
    if (group > MAX_GROUP) {
      throw bad(
          task, "has groups of " + group + " work-items, at most " + MAX_GROUP + " run everywhere");
    }
    if (items > Integer.MAX_VALUE) {
      throw bad(task, "has " + items + " work-items, more than an int counts");
    }
    var groups = new long[3];
    Arrays.setAll(groups, axis -> global[axis] / local[axis]);
    return new NdRange(extent(global), extent(local), extent(groups));
  }

  private static Extent extent(long[] sizes) {
    return new Extent((int) sizes[0], (int) sizes[1], (int) sizes[2]);
  }

  private static String text(long[] global, long[] local) {
    return "global " + Arrays.toString(global) + ", local " + Arrays.toString(local);
  }

  private static EmulatorException bad(String task, String problem) {
    return new EmulatorException("task '" + task + "' " + problem);
  }
}
