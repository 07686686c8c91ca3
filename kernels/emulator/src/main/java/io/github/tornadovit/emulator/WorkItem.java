package io.github.tornadovit.emulator;

import org.jspecify.annotations.Nullable;

/**
 * One work-item: where it is, and the way from its KernelContext into the group that it runs in.
 */
public final class WorkItem {
  private final NdRange range;
  private final Extent group;
  private final Extent local;
  private final int id;

  /**
   * The group, when it runs as one; a work-item that runs alone ends at the first thing that needs
   * a group.
   */
  private final @Nullable WorkGroup within;

  private int allocations;

  WorkItem(NdRange range, Extent group, Extent local, int id, @Nullable WorkGroup within) {
    this.range = range;
    this.group = group;
    this.local = local;
    this.id = id;
    this.within = within;
  }

  /** Its number in the launch, from 1. */
  int id() {
    return id;
  }

  public int global(int axis) {
    return group.axis(axis) * range.local().axis(axis) + local.axis(axis);
  }

  public int group(int axis) {
    return group.axis(axis);
  }

  public int local(int axis) {
    return local.axis(axis);
  }

  public int globalSize(int axis) {
    return range.global().axis(axis);
  }

  public int localSize(int axis) {
    return range.local().axis(axis);
  }

  /** Waits until every work-item of the group is here. */
  public void barrier() {
    within().barrier();
  }

  /** The group's next local array of floats. */
  public float[] allocateFloats(int length) {
    return within().local().floats(allocations++, length);
  }

  /** The group's next local array of ints. */
  public int[] allocateInts(int length) {
    return within().local().ints(allocations++, length);
  }

  private WorkGroup within() {
    if (within == null) {
      throw new NeedsGroup();
    }
    return within;
  }

  /** Ends a work-item that was tried alone and turns out to work with its group. */
  static final class NeedsGroup extends Error {
    private static final long serialVersionUID = 1L;

    private NeedsGroup() {
      super("needs its group", null, false, false);
    }
  }
}
