package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.EmulatorException;
import io.github.tornadovit.emulator.WorkItem;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

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

  // --- Products of a warp, as NVIDIA's tensor cores compute them ---

  /** Sums of a 16 by 8 block, of which a work-item has four. */
  public float[] mmaFragment(float value) {
    return new float[] {value, value, value, value};
  }

  /** The left factor: 16 rows of 16 halves each, which a warp holds together, from a byte on. */
  public HalfFloat[] mmaLoadA(int[] tile, int ignored, int byteOffset) {
    return halves(tile, byteOffset, 16 * 16);
  }

  /** The right factor: 16 rows of 8 halves each. */
  public HalfFloat[] mmaLoadB(int[] tile, int ignored, int byteOffset) {
    return halves(tile, byteOffset, 16 * 8);
  }

  private static HalfFloat[] halves(int[] tile, int byteOffset, int count) {
    if (byteOffset % 16 != 0) {
      throw new EmulatorException("a factor begins at byte " + byteOffset + ", no multiple of 16");
    }
    var halves = new HalfFloat[count];
    for (int i = 0; i < count; i++) {
      int pair = tile[byteOffset / Integer.BYTES + i / 2];
      halves[i] = new HalfFloat((short) (i % 2 == 0 ? pair : pair >> Short.SIZE));
    }
    return halves;
  }

  /** Adds the products that belong to this work-item's four sums. */
  public float[] mma(HalfFloat[] a, HalfFloat[] b, float[] sums, MMAShape shape) {
    var next = new float[4];
    for (int i = 0; i < 4; i++) {
      double sum = sums[i];
      for (int k = 0; k < 16; k++) {
        sum += (double) a[row(i) * 16 + k].getFloat32() * b[k * 8 + column(i)].getFloat32();
      }
      next[i] = (float) sum;
    }
    return next;
  }

  /** Writes the four sums to their places in a matrix of {@code width} columns. */
  public void mmaStore(float[] sums, FloatArray to, int top, int left, int width) {
    for (int i = 0; i < 4; i++) {
      to.set((top + row(i)) * width + left + column(i), sums[i]);
    }
  }

  /** Row of a sum of this work-item in its block. */
  private int row(int sum) {
    return item().local(0) % 32 / 4 + sum / 2 * 8;
  }

  private int column(int sum) {
    return item().local(0) % 4 * 2 + sum % 2;
  }

  private WorkItem item() {
    if (item == null) {
      throw new EmulatorException(
          "a KernelContext kernel was called as plain Java; only a task graph executes it");
    }
    return item;
  }
}
