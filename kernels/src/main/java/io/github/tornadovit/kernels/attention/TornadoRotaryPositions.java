package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.PlainWeights;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rotary positions of queries and keys: one thread per pair of elements.
 *
 * <p>Math: {@code y[j] = x[j] cos - x[j + d/2] sin, y[j + d/2] = x[j + d/2] cos + x[j] sin} in the
 * query and key heads of patches; the others are copied.
 *
 * <p>Shapes: {@code qkv, y [B, T, 3 H d]} f32; from {@code w[offset]} on {@code rotations [T -
 * prefix, d]}, of each row the cosines first.
 *
 * <p>Grid: ceil(B·T·3·H·d / 2 / 128) groups of 128; neighbours read and write neighbours in either
 * half of a head.
 *
 * <p>Cost: reads and writes qkv once; memory-bound.
 *
 * <p>Requires: d even. In place: yes, a thread reads both elements before it writes them, and no
 * other touches them.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoRotaryPositions implements DeviceOperation {
  private final RotaryPositions rotary;
  private final PackedWeight rotations;

  /** The kernel of an operation. */
  public TornadoRotaryPositions(RotaryPositions rotary) {
    this.rotary = rotary;
    rotations = PlainWeights.of(rotary.rotations());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(rotations);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(Launch.elementwise("rotary_positions", pairs(batch)));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(rotations);
    int pairs = pairs(recorder.batch());
    recorder.task(
        TornadoRotaryPositions::turn,
        recorder.array(rotary.qkv()),
        w.array(),
        recorder.array(rotary.output()),
        w.offset(),
        pairs,
        rotary.qkv().rows(),
        rotary.prefixTokens(),
        rotary.heads(),
        rotary.headSize());
  }

  private int pairs(int batch) {
    return Math.multiplyExact(batch, rotary.qkv().size()) / 2;
  }

  /** The kernel. */
  public static void turn(
      KernelContext context,
      IntArray launches,
      FloatArray x,
      FloatArray w,
      FloatArray y,
      int offset,
      int pairs,
      int tokens,
      int prefix,
      int heads,
      int headSize) {
    Launches.count(context, launches);
    int half = headSize / 2;
    int pair = context.globalIdx;
    if (pair < pairs) {
      int head = pair / half; // Of all tokens; 3 heads of queries, keys and values in each.
      int j = pair - head * half;
      int row = head / (3 * heads);
      int patch = row % tokens - prefix;
      int at = head * headSize + j;
      float first = x.get(at);
      float second = x.get(at + half);
      if (patch >= 0 && head - row * 3 * heads < 2 * heads) {
        int cosines = offset + patch * headSize + j;
        float cosine = w.get(cosines);
        float sine = w.get(cosines + half);
        y.set(at, first * cosine - second * sine);
        y.set(at + half, second * cosine + first * sine);
      } else {
        y.set(at, first);
        y.set(at + half, second);
      }
    }
  }
}
