package io.github.tornadovit.kernels.layernorm;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Halves;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.PlainWeights;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Layer norm over the last axis, one work-group per row.
 *
 * <p>Math: {@code y[r,j] = (x[r,j] - mean_r) / sqrt(var_r + eps) * gamma[j] + beta[j]}; two passes,
 * no E[x²]-E[x]²; var is biased.
 *
 * <p>Shapes: {@code x, y [R, D] f32 row-major; from w[offset] on gamma [D], then beta [D]}; y in
 * float16 for a product that reads it so.
 *
 * <p>Grid: R groups of {@value #GROUP} threads. Local memory: GROUP + {@value #PARTS} floats.
 * Barriers: 4, two for each sum; a tree of halves would take 16.
 *
 * <p>Cost: reads 3·R·D floats (two from cache), writes R·D values; memory-bound.
 *
 * <p>Requires: R, D ≥ 1. In place (y == x): allowed.
 *
 * <p>Precision: f32 sums of D / GROUP terms, of GROUP / PARTS of these, of PARTS of those.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoLayerNorm implements DeviceOperation {
  /**
   * Threads per row; a power of two. 128 leave 6 elements a thread at D = 768 and 16 rows a
   * multiprocessor.
   */
  static final int GROUP = 128;

  /** Threads that add up the sums of all threads; every thread then adds up theirs. */
  private static final int PARTS = 16;

  private final LayerNorm norm;
  private final boolean toHalves;
  private final PackedWeight weights;

  /**
   * The kernel of an operation.
   *
   * @param toHalves whether its output lies as float16
   */
  public TornadoLayerNorm(LayerNorm norm, boolean toHalves) {
    this.norm = norm;
    this.toHalves = toHalves;
    weights = PlainWeights.of(norm.weight(), norm.bias());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(weights);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    int rows = Math.multiplyExact(batch, norm.input().rows());
    int width = norm.input().columns();
    return List.of(
        new Launch(
            "layer_norm",
            rows,
            1,
            1,
            GROUP,
            Float.BYTES * (GROUP + PARTS),
            new Effort(
                17,
                3, // the mean, the variance, the output
                40 + 8 * Math.ceilDiv(width, GROUP),
                Math.ceilDiv(width, GROUP),
                0,
                Effort.MEMORY_LATENCY,
                (3L * Float.BYTES + Halves.bytes(toHalves)) * rows * width)));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(weights);
    recorder.task(
        TornadoLayerNorm::layerNorm,
        recorder.array(norm.input()),
        w.array(),
        recorder.array(norm.output()),
        recorder.halves(norm.output()),
        toHalves ? 1 : 0,
        w.offset(),
        norm.input().columns(),
        norm.eps());
  }

  /** The kernel. */
  public static void layerNorm(
      KernelContext context,
      IntArray launches,
      FloatArray x,
      FloatArray w,
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      int offset,
      int width,
      float epsilon) {
    Launches.count(context, launches);
    int thread = context.localIdx;
    int row = context.groupIdx * width;
    float[] sums = context.allocateFloatLocalArray(GROUP + PARTS); // 576 bytes: threads, then parts

    float own = 0f;
    for (int j = thread; j < width; j += GROUP) {
      own += x.get(row + j);
    }
    sums[thread] = own;
    context.localBarrier(); // the sums of all threads are written
    if (thread < PARTS) {
      float part = 0f;
      for (int i = thread; i < GROUP; i += PARTS) {
        part += sums[i];
      }
      sums[GROUP + thread] = part;
    }
    context.localBarrier(); // the parts are written, and nobody reads the sums of threads any more
    float sum = 0f;
    for (int i = GROUP; i < GROUP + PARTS; i++) {
      sum += sums[i];
    }
    float mean = sum / width;

    float ownSquares = 0f;
    for (int j = thread; j < width; j += GROUP) {
      float d = x.get(row + j) - mean;
      ownSquares += d * d;
    }
    sums[thread] = ownSquares;
    context.localBarrier(); // as above; and everyone has read the parts of the sum
    if (thread < PARTS) {
      float part = 0f;
      for (int i = thread; i < GROUP; i += PARTS) {
        part += sums[i];
      }
      sums[GROUP + thread] = part;
    }
    context.localBarrier();
    float squares = 0f;
    for (int i = GROUP; i < GROUP + PARTS; i++) {
      squares += sums[i];
    }
    float rescale = 1f / TornadoMath.sqrt(squares / width + epsilon);
    for (int j = thread; j < width; j += GROUP) {
      float value = (x.get(row + j) - mean) * rescale * w.get(offset + j);
      Halves.store(y, halves, row + j, value + w.get(offset + width + j), toHalves);
    }
  }
}
