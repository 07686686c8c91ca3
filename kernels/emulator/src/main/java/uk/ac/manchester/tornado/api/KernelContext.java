package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.EmulatorException;
import io.github.tornadovit.emulator.WorkItem;

/**
 * A kernel's position in the ND-range. The host's own instance only marks a task; each work-item is
 * given another.
 */
public class KernelContext {
  public final Integer globalIdx;
  public final Integer globalIdy;
  public final Integer globalIdz;
  public final Integer groupIdx;
  public final Integer groupIdy;
  public final Integer groupIdz;
  public final Integer localIdx;
  public final Integer localIdy;
  public final Integer localIdz;
  public final Integer globalGroupSizeX;
  public final Integer globalGroupSizeY;
  public final Integer globalGroupSizeZ;
  public final Integer localGroupSizeX;
  public final Integer localGroupSizeY;
  public final Integer localGroupSizeZ;

  private final WorkItem item;

  public KernelContext() {
    this(null);
  }

  /** The context of one work-item. */
  @SuppressWarnings("exports")
  public KernelContext(WorkItem item) {
    this.item = item;
    globalIdx = item == null ? 0 : item.global(0);
    globalIdy = item == null ? 0 : item.global(1);
    globalIdz = item == null ? 0 : item.global(2);
    groupIdx = item == null ? 0 : item.group(0);
    groupIdy = item == null ? 0 : item.group(1);
    groupIdz = item == null ? 0 : item.group(2);
    localIdx = item == null ? 0 : item.local(0);
    localIdy = item == null ? 0 : item.local(1);
    localIdz = item == null ? 0 : item.local(2);
    globalGroupSizeX = item == null ? 0 : item.globalSize(0);
    globalGroupSizeY = item == null ? 0 : item.globalSize(1);
    globalGroupSizeZ = item == null ? 0 : item.globalSize(2);
    localGroupSizeX = item == null ? 0 : item.localSize(0);
    localGroupSizeY = item == null ? 0 : item.localSize(1);
    localGroupSizeZ = item == null ? 0 : item.localSize(2);
  }

  public void localBarrier() {
    item().barrier();
  }

  public float[] allocateFloatLocalArray(int size) {
    return item().allocateFloats(size);
  }

  public int[] allocateIntLocalArray(int size) {
    return item().allocateInts(size);
  }

  private WorkItem item() {
    if (item == null) {
      throw new EmulatorException(
          "a KernelContext kernel was called as plain Java; only a task graph executes it");
    }
    return item;
  }
}
