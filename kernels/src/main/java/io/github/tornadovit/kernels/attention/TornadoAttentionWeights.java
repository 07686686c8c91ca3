package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Effort;
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
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The weights of attention, written out: one thread per row of the output, on every kind of device.
 *
 * <p>Math: per head, one pass over the keys for the running maximum and sum of the softmax (Milakov
 * and Gimelshein 2018), a second one that computes the scores again and writes; so no scores are
 * kept and T has no limit. Shapes as {@link AttentionWeights}.
 *
 * <p>Grid: ceil(rows / 128) groups of 128. Local memory, barriers: none. Cost: 4 B H T^2 d
 * operations and B T^2 floats written per map. The fused kernels are far faster and serve the
 * ordinary forward pass; this one runs where somebody wants to see the weights.
 *
 * <p>Requires: T, H, d ≥ 1. Precision: f32 throughout. The running maximum is finite from the
 * start, so that keys with a bias of minus infinity have no weight.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoAttentionWeights implements DeviceOperation {
  private static final int GROUP = Launch.ELEMENTWISE_GROUP;

  private final AttentionWeights attention;
  private final PackedWeight bias;

  /** The kernel of an operation. */
  public TornadoAttentionWeights(AttentionWeights attention) {
    this.attention = attention;
    bias = PlainWeights.of(attention.bias());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(bias);
  }

  @Override
  public List<Launch> launches(int batch, Tiling tiling) {
    return List.of(
        new Launch(
            "attention_weights",
            Math.ceilDiv(Math.multiplyExact(batch, attention.output().rows()), GROUP),
            1,
            1,
            GROUP,
            0,
            new Effort(
                40, // registers: an estimate, as all of it
                2 * attention.heads() / attention.maps() * attention.qkv().rows(),
                4 * attention.headSize(),
                attention.headSize(),
                0,
                Effort.MEMORY_LATENCY,
                // the lanes of a warp read the same keys
                (long) Float.BYTES * batch * attention.flops() / 32)));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(bias);
    recorder.task(
        TornadoAttentionWeights::weights,
        recorder.array(attention.qkv()),
        w.array(),
        recorder.array(attention.output()),
        w.offset(),
        Math.multiplyExact(recorder.batch(), attention.output().rows()),
        attention.qkv().rows(),
        attention.heads(),
        attention.headSize(),
        attention.maps(),
        attention.bias() == null ? 0 : 1,
        attention.scale());
  }

  /** The kernel. */
  public static void weights(
      KernelContext context,
      IntArray launches,
      FloatArray qkv,
      FloatArray w,
      FloatArray y,
      int offset,
      int rows,
      int tokens,
      int heads,
      int headSize,
      int maps,
      int biased,
      float scale) {
    Launches.count(context, launches);
    int width = heads * headSize;
    int stride = 3 * width;
    int headsPerMap = heads / maps;
    int row = context.globalIdx;
    if (row < rows) {
      int map = row / tokens;
      int query = row - map * tokens;
      int image = map / maps;
      int firstHead = (map - image * maps) * headsPerMap;
      int to = row * tokens;
      for (int key = 0; key < tokens; key++) {
        y.set(to + key, 0f);
      }
      for (int head = firstHead; head < firstHead + headsPerMap; head++) {
        int q = (image * tokens + query) * stride + head * headSize;
        int keys = image * tokens * stride + width + head * headSize;
        int biases = offset + (head * tokens + query) * tokens;
        float max = -Float.MAX_VALUE;
        float sum = 0f;
        for (int key = 0; key < tokens; key++) {
          float score = scale * dot(qkv, q, keys + key * stride, headSize);
          if (biased > 0) {
            score += w.get(biases + key);
          }
          float higher = TornadoMath.max(max, score);
          sum = sum * TornadoMath.exp(max - higher) + TornadoMath.exp(score - higher);
          max = higher;
        }
        float share = 1f / (sum * headsPerMap);
        for (int key = 0; key < tokens; key++) {
          float score = scale * dot(qkv, q, keys + key * stride, headSize);
          if (biased > 0) {
            score += w.get(biases + key);
          }
          y.set(to + key, y.get(to + key) + TornadoMath.exp(score - max) * share);
        }
      }
    }
  }

  private static float dot(FloatArray qkv, int query, int key, int headSize) {
    float dot = 0f;
    for (int i = 0; i < headSize; i++) {
      dot += qkv.get(query + i) * qkv.get(key + i);
    }
    return dot;
  }
}
