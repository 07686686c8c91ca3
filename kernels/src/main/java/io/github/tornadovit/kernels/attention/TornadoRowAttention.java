package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightLayout;
import io.github.tornadovit.kernels.launch.WeightSlot;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Attention with online softmax and an optional additive bias, for CPU devices of OpenCL: one
 * thread per head and block of up to {@value #QUERIES} queries, no local memory, no barriers.
 *
 * <p>Math and shapes as {@link TornadoAttention}. A thread copies {@value #KEYS} keys, transposed,
 * and values at a time; {@value #ROWS} queries then take their scores in vectors of {@value #LANES}
 * keys and their sums in vectors of as many columns. Copies are padded with zeros to whole vectors,
 * so that what is not there adds nothing, and no loop is so short that TornadoVM unrolls it, which
 * fails to compile. Every inner loop is one that LLVM turns into vector instructions: vectors are
 * built of consecutive elements of private arrays, exp has a loop without branches and sums to
 * itself, and indices grow by addition, as LLVM does not trust a product not to overflow.
 *
 * <p>Grid: none; TornadoVM shares the blocks among the cores. Private memory: 16 KiB each of
 * queries, keys, values and sums, and 1 KiB of scores, when d is 64.
 *
 * <p>Requires: T, H ≥ 1, 1 ≤ d ≤ {@value #MAX_HEAD_SIZE}. Not for PTX or CUDA, which have no
 * vectors of 16.
 *
 * <p>Precision: f32 throughout. The running maximum is exact, and finite from the start, so that
 * keys with a bias of minus infinity, even {@value #KEYS} in a row, have no weight.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoRowAttention implements DeviceOperation {
  static final int QUERIES = 64;
  static final int KEYS = 64;

  /** Rows whose sums fit AVX2's registers. */
  static final int ROWS = 4;

  static final int LANES = 16;

  /** Private memory is the stack of a driver's thread; here a kernel takes 257 KiB of it. */
  static final int MAX_HEAD_SIZE = 256;

  private final Attention attention;
  private final WeightSlot<FloatArray> bias;

  /** Places the bias. */
  public TornadoRowAttention(Attention attention, WeightLayout layout) {
    this.attention = attention;
    bias = attention.bias() == null ? layout.nothing() : layout.plain(attention.bias());
  }

  /** True unless its private arrays might be more than a driver has room for. */
  public static boolean takes(Attention attention) {
    return attention.headSize() <= MAX_HEAD_SIZE;
  }

  @Override
  public void record(TaskRecorder recorder) {
    recorder
        .graph()
        .task(
            recorder.parallel("attention_rows"),
            TornadoRowAttention::attention,
            recorder.array(attention.qkv()),
            bias.array(),
            recorder.array(attention.output()),
            bias.offset(),
            recorder.batch(),
            attention.qkv().rows(),
            attention.heads(),
            attention.headSize(),
            attention.bias() == null ? 0 : 1,
            attention.scale());
  }

  /** The kernel. */
  public static void attention(
      FloatArray qkv,
      FloatArray w,
      FloatArray y,
      int offset,
      int images,
      int tokens,
      int heads,
      int headSize,
      int biased,
      float scale) {
    int width = heads * headSize;
    int stride = 3 * width;
    int depth = (headSize + LANES - 1) / LANES * LANES;
    int blocks = (tokens + QUERIES - 1) / QUERIES;
    int block = ((tokens + blocks - 1) / blocks + ROWS - 1) / ROWS * ROWS;
    for (@Parallel int item = 0; item < images * heads * blocks; item++) {
      int ofHead = item / blocks;
      int image = ofHead / heads;
      int head = ofHead - image * heads;
      int firstQuery = (item - ofHead * blocks) * block;
      int queries = Math.min(block, tokens - firstQuery);
      int start = image * tokens * stride + head * headSize;
      float[] qs = new float[QUERIES * depth];
      float[] ks = new float[KEYS * depth];
      float[] vs = new float[KEYS * depth];
      float[] scores = new float[ROWS * KEYS];
      float[] sums = new float[QUERIES * depth];
      float[] max = new float[QUERIES];
      float[] total = new float[QUERIES];
      float[] fade = new float[ROWS];
      for (int r = 0; r < block; r++) {
        int from = start + Math.min(firstQuery + r, tokens - 1) * stride;
        for (int c = 0; c < depth; c++) {
          qs[r * depth + c] = c < headSize ? qkv.get(from + Math.min(c, headSize - 1)) * scale : 0f;
          sums[r * depth + c] = 0f;
        }
        max[r] = -Float.MAX_VALUE;
        total[r] = 0f;
      }
      for (int firstKey = 0; firstKey < tokens; firstKey += KEYS) {
        int keys = Math.min(KEYS, tokens - firstKey);
        int lanes = (keys + LANES - 1) / LANES * LANES;
        for (int r = 0; r < lanes; r++) {
          int from = start + width + Math.min(firstKey + r, tokens - 1) * stride;
          for (int c = 0; c < depth; c++) {
            int column = Math.min(c, headSize - 1);
            float k = qkv.get(from + column);
            float v = qkv.get(from + width + column);
            ks[c * KEYS + r] = r < keys && c < headSize ? k : 0f;
            vs[r * depth + c] = r < keys && c < headSize ? v : 0f;
          }
        }
        for (int row = 0; row < queries; row += ROWS) {
          for (int first = 0; first < lanes; first += LANES) {
            Float16 s0 = zeros();
            Float16 s1 = zeros();
            Float16 s2 = zeros();
            Float16 s3 = zeros();
            for (int c = 0; c < depth; c++) {
              Float16 k = load(ks, c * KEYS + first);
              int q = row * depth + c;
              s0 = Float16.add(s0, Float16.mult(k, qs[q]));
              s1 = Float16.add(s1, Float16.mult(k, qs[q + depth]));
              s2 = Float16.add(s2, Float16.mult(k, qs[q + 2 * depth]));
              s3 = Float16.add(s3, Float16.mult(k, qs[q + 3 * depth]));
            }
            store(scores, first, s0);
            store(scores, KEYS + first, s1);
            store(scores, 2 * KEYS + first, s2);
            store(scores, 3 * KEYS + first, s3);
          }
          for (int r = 0; r < ROWS; r++) {
            int at = r * KEYS;
            if (biased > 0) {
              int query = Math.min(firstQuery + row + r, tokens - 1);
              int from = offset + (head * tokens + query) * tokens + firstKey;
              for (int key = 0; key < keys; key++) {
                scores[at + key] = scores[at + key] + w.get(from + key);
              }
            }
            for (int key = keys; key < lanes; key++) {
              scores[at + key] = Float.NEGATIVE_INFINITY;
            }
            float highest = max[row + r];
            float high0 = highest;
            float high1 = highest;
            float high2 = highest;
            float high3 = highest;
            for (int key = 0; key < lanes; key += 4) {
              high0 = TornadoMath.max(high0, scores[at + key]);
              high1 = TornadoMath.max(high1, scores[at + key + 1]);
              high2 = TornadoMath.max(high2, scores[at + key + 2]);
              high3 = TornadoMath.max(high3, scores[at + key + 3]);
            }
            highest = TornadoMath.max(TornadoMath.max(high0, high1), TornadoMath.max(high2, high3));
            float gone = TornadoMath.exp(max[row + r] - highest);
            for (int key = 0; key < lanes; key++) {
              scores[at + key] = TornadoMath.exp(scores[at + key] - highest);
            }
            float sum0 = 0f;
            float sum1 = 0f;
            float sum2 = 0f;
            float sum3 = 0f;
            for (int key = 0; key < lanes; key += 4) {
              sum0 += scores[at + key];
              sum1 += scores[at + key + 1];
              sum2 += scores[at + key + 2];
              sum3 += scores[at + key + 3];
            }
            float sum = sum0 + sum1 + (sum2 + sum3);
            fade[r] = gone;
            max[row + r] = highest;
            total[row + r] = total[row + r] * gone + sum;
          }
          for (int first = 0; first < depth; first += LANES) {
            int o = row * depth + first;
            Float16 o0 = Float16.mult(load(sums, o), fade[0]);
            Float16 o1 = Float16.mult(load(sums, o + depth), fade[1]);
            Float16 o2 = Float16.mult(load(sums, o + 2 * depth), fade[2]);
            Float16 o3 = Float16.mult(load(sums, o + 3 * depth), fade[3]);
            int at = first;
            for (int key = 0; key < lanes; key++) {
              Float16 v = load(vs, at);
              at += depth;
              o0 = Float16.add(o0, Float16.mult(v, scores[key]));
              o1 = Float16.add(o1, Float16.mult(v, scores[KEYS + key]));
              o2 = Float16.add(o2, Float16.mult(v, scores[2 * KEYS + key]));
              o3 = Float16.add(o3, Float16.mult(v, scores[3 * KEYS + key]));
            }
            store(sums, o, o0);
            store(sums, o + depth, o1);
            store(sums, o + 2 * depth, o2);
            store(sums, o + 3 * depth, o3);
          }
        }
      }
      for (int r = 0; r < queries; r++) {
        int at = (image * tokens + firstQuery + r) * width + head * headSize;
        float rescale = 1f / total[r];
        for (int c = 0; c < headSize; c++) {
          y.set(at + c, sums[r * depth + c] * rescale);
        }
      }
    }
  }

  private static Float16 zeros() {
    return new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
  }

  private static Float16 load(float[] from, int at) {
    return new Float16(
        from[at],
        from[at + 1],
        from[at + 2],
        from[at + 3],
        from[at + 4],
        from[at + 5],
        from[at + 6],
        from[at + 7],
        from[at + 8],
        from[at + 9],
        from[at + 10],
        from[at + 11],
        from[at + 12],
        from[at + 13],
        from[at + 14],
        from[at + 15]);
  }

  private static void store(float[] to, int at, Float16 values) {
    to[at] = values.getS0();
    to[at + 1] = values.getS1();
    to[at + 2] = values.getS2();
    to[at + 3] = values.getS3();
    to[at + 4] = values.getS4();
    to[at + 5] = values.getS5();
    to[at + 6] = values.getS6();
    to[at + 7] = values.getS7();
    to[at + 8] = values.getS8();
    to[at + 9] = values.getS9();
    to[at + 10] = values.getS10();
    to[at + 11] = values.getS11();
    to[at + 12] = values.getS12();
    to[at + 13] = values.getS13();
    to[at + 14] = values.getS14();
    to[at + 15] = values.getS15();
  }
}
