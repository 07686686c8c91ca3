package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Halves;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.Row4;
import io.github.tornadovit.kernels.launch.Row8;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention with online softmax and an optional additive bias; no [T, T] matrix in device memory.
 *
 * <p>Math: {@code y[b,t,h,:] = sum_s softmax_s(scale q[b,t,h]·k[b,s,h] + bias[h,t,s]) v[b,s,h]}.
 *
 * <p>Shapes: {@code qkv [B, T, 3D], q|k|v at columns 0, D, 2D, head h at h·d; from w[offset] on
 * bias [H, T, T] (nothing when biased is 0); y [B, T, D]} f32; y in float16 for a product that
 * reads it so.
 *
 * <p>Grid: ceil(T / {@value #QUERIES}) by B·H by ceil(d / {@value #DEPTH}) groups of {@value
 * #GROUP} threads. 40 queries a group fill 5 groups of a 197-token image to 98 %, 15 groups of 577
 * tokens to 96 %. Thread (tx, ty) owns queries ty + 8i, i &lt; 5, of a tile the keys tx + 8j, j
 * &lt; 4, and the output columns 4 tx + {0..3} and 32 + 4 tx + {0..3}. Local memory: 29,056 bytes
 * (two groups fit 64 KiB). Barriers: 4 per tile of {@value #KEYS} keys.
 *
 * <p>Cost: 4·B·H·T²·d flops when d ≤ 64; each further 64 columns of d repeat the scores.
 *
 * <p>Requires: T, H, d ≥ 1; every d is right, d = 64 is fast. The local-memory strides are
 * multiples of 4, and in the two innermost loops all of an index but the step u is summed up
 * before: both let ptxas load 4 floats at once, the latter on sm_90 and later.
 *
 * <p>Precision: f32 throughout. The running maximum is exact, and finite from the start, so that
 * keys with a bias of minus infinity, even a whole tile, have no weight. Every thread keeps the sum
 * of its own keys until the end.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoFusedAttention {
  static final int QUERIES = 40;
  static final int KEYS = 32;
  static final int DEPTH = 64;
  static final int GROUP = 64;
  static final int Q_STRIDE = DEPTH + 4;
  static final int K_STRIDE = DEPTH + 4;
  static final int P_STRIDE = KEYS + 8;

  /** Floats of local memory: queries, keys, values, and sums. */
  private static final int LOCAL =
      QUERIES * Q_STRIDE + KEYS * K_STRIDE + KEYS * DEPTH + QUERIES * 8;

  // Of a work-item for a tile of keys with d = 64, as ptxas has them for sm_80; and of its scores,
  // which each group has for all of d: the multiply-adds are of the shape, instructions in
  // proportion.
  private static final int INSTRUCTIONS = 3854;
  private static final int MULTIPLY_ADDS = 2805;
  private static final int SCORE_MULTIPLY_ADDS = QUERIES * KEYS * DEPTH / GROUP;
  private static final int SCORE_INSTRUCTIONS = INSTRUCTIONS * SCORE_MULTIPLY_ADDS / MULTIPLY_ADDS;

  private TornadoFusedAttention() {}

  static Launch launch(Attention attention, int batch) {
    int tokens = attention.qkv().rows();
    int blocks = Math.ceilDiv(tokens, QUERIES);
    int heads = Math.multiplyExact(batch, attention.heads());
    int chunks = Math.ceilDiv(attention.headSize(), DEPTH);
    long rowsOfChunk = (QUERIES + tokens) * (long) chunks + tokens;
    long floats = (long) blocks * heads * chunks * rowsOfChunk * DEPTH;
    return new Launch(
        "attention",
        blocks,
        heads,
        chunks,
        GROUP,
        Float.BYTES * LOCAL,
        new Effort(
            150,
            Math.ceilDiv(tokens, KEYS),
            INSTRUCTIONS + (chunks - 1) * SCORE_INSTRUCTIONS,
            MULTIPLY_ADDS + (chunks - 1) * SCORE_MULTIPLY_ADDS,
            0,
            1000, // keys and values are not asked for before they are waited for
            Float.BYTES * floats));
  }

  /** The kernel. */
  public static void attention(
      KernelContext context,
      IntArray launches,
      FloatArray qkv,
      FloatArray w,
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      int offset,
      int tokens,
      int heads,
      int headSize,
      int biased,
      float scale) {
    Launches.count(context, launches);
    int width = heads * headSize;
    int rowStride = 3 * width;
    int chunks = (headSize + DEPTH - 1) / DEPTH;
    int depth = (Math.min(headSize, DEPTH) + 3) / 4 * 4;
    int thread = context.localIdx;
    int tx = thread & 7;
    int ty = thread >> 3;
    int firstQuery = context.groupIdx * QUERIES;
    int image = context.groupIdy / heads;
    int head = context.groupIdy - image * heads;
    int q0 = image * tokens * rowStride + head * headSize;
    int outColumn = context.groupIdz * DEPTH;
    int vColumn =
        q0
            + 2 * width
            + (headSize % DEPTH == 0
                ? outColumn + thread
                : Math.min(outColumn + thread, headSize - 1));

    float[] qTile =
        context.allocateFloatLocalArray(QUERIES * Q_STRIDE); // 10,880 bytes: queries times scale
    float[] kTile =
        context.allocateFloatLocalArray(KEYS * K_STRIDE); // 8,704 bytes: keys, then probabilities
    float[] vTile = context.allocateFloatLocalArray(KEYS * DEPTH); // 8,192 bytes
    float[] partial =
        context.allocateFloatLocalArray(QUERIES * 8); // 1,280 bytes: maxima, then sums, by tx

    float max0 = -Float.MAX_VALUE;
    float max1 = -Float.MAX_VALUE;
    float max2 = -Float.MAX_VALUE;
    float max3 = -Float.MAX_VALUE;
    float max4 = -Float.MAX_VALUE;
    float sum0 = 0f;
    float sum1 = 0f;
    float sum2 = 0f;
    float sum3 = 0f;
    float sum4 = 0f;
    Row8 o0 = new Row8();
    Row8 o1 = new Row8();
    Row8 o2 = new Row8();
    Row8 o3 = new Row8();
    Row8 o4 = new Row8();
    if (chunks == 1) {
      for (int r = 0; r < QUERIES; r++) {
        int row = Math.min(firstQuery + r, tokens - 1);
        qTile[r * Q_STRIDE + thread] = load(qkv, q0 + row * rowStride, thread, headSize) * scale;
      }
    }
    for (int firstKey = 0; firstKey < tokens; firstKey += KEYS) {
      Row4 s0 = new Row4();
      Row4 s1 = new Row4();
      Row4 s2 = new Row4();
      Row4 s3 = new Row4();
      Row4 s4 = new Row4();
      for (int chunk = 0; chunk < chunks; chunk++) {
        context.localBarrier();
        if (chunks > 1) {
          for (int r = 0; r < QUERIES; r++) {
            int row = Math.min(firstQuery + r, tokens - 1);
            qTile[r * Q_STRIDE + thread] =
                load(qkv, q0 + row * rowStride, chunk * DEPTH + thread, headSize) * scale;
          }
        }
        for (int r = 0; r < KEYS; r++) {
          int row = tokens % KEYS == 0 ? firstKey + r : Math.min(firstKey + r, tokens - 1);
          kTile[r * K_STRIDE + thread] =
              load(qkv, q0 + width + row * rowStride, chunk * DEPTH + thread, headSize);
        }
        if (chunk == 0) {
          for (int r = 0; r < KEYS; r++) {
            int row = tokens % KEYS == 0 ? firstKey + r : Math.min(firstKey + r, tokens - 1);
            vTile[r * DEPTH + thread] = qkv.get(vColumn + row * rowStride);
          }
        }
        context.localBarrier();
        for (int k0 = 0; k0 < depth; k0 += 4) {
          int a = ty * Q_STRIDE + k0;
          int b = tx * K_STRIDE + k0;
          for (int u = 0; u < 4; u++) {
            Row4 keys =
                new Row4(
                    kTile[b + u],
                    kTile[b + 8 * K_STRIDE + u],
                    kTile[b + 16 * K_STRIDE + u],
                    kTile[b + 24 * K_STRIDE + u]);
            s0.add(qTile[a + u], keys);
            s1.add(qTile[a + 8 * Q_STRIDE + u], keys);
            s2.add(qTile[a + 16 * Q_STRIDE + u], keys);
            s3.add(qTile[a + 24 * Q_STRIDE + u], keys);
            s4.add(qTile[a + 32 * Q_STRIDE + u], keys);
          }
        }
      }
      int key = firstKey + tx;
      int table = offset + head * tokens * tokens;
      int query = firstQuery + ty;
      partial[ty * 8 + tx] = scores(s0, w, table, query, key, tokens, biased);
      partial[(ty + 8) * 8 + tx] = scores(s1, w, table, query + 8, key, tokens, biased);
      partial[(ty + 16) * 8 + tx] = scores(s2, w, table, query + 16, key, tokens, biased);
      partial[(ty + 24) * 8 + tx] = scores(s3, w, table, query + 24, key, tokens, biased);
      partial[(ty + 32) * 8 + tx] = scores(s4, w, table, query + 32, key, tokens, biased);
      context.localBarrier();
      float new0 = max0;
      float new1 = max1;
      float new2 = max2;
      float new3 = max3;
      float new4 = max4;
      for (int t = 0; t < 8; t++) {
        new0 = TornadoMath.max(new0, partial[ty * 8 + t]);
        new1 = TornadoMath.max(new1, partial[(ty + 8) * 8 + t]);
        new2 = TornadoMath.max(new2, partial[(ty + 16) * 8 + t]);
        new3 = TornadoMath.max(new3, partial[(ty + 24) * 8 + t]);
        new4 = TornadoMath.max(new4, partial[(ty + 32) * 8 + t]);
      }
      sum0 = fade(sum0, o0, max0 - new0) + weigh(s0, new0);
      sum1 = fade(sum1, o1, max1 - new1) + weigh(s1, new1);
      sum2 = fade(sum2, o2, max2 - new2) + weigh(s2, new2);
      sum3 = fade(sum3, o3, max3 - new3) + weigh(s3, new3);
      sum4 = fade(sum4, o4, max4 - new4) + weigh(s4, new4);
      max0 = new0;
      max1 = new1;
      max2 = new2;
      max3 = new3;
      max4 = new4;
      int to = ty * P_STRIDE + tx;
      kTile[to] = s0.c0;
      kTile[to + 8] = s0.c1;
      kTile[to + 16] = s0.c2;
      kTile[to + 24] = s0.c3;
      kTile[to + 8 * P_STRIDE] = s1.c0;
      kTile[to + 8 * P_STRIDE + 8] = s1.c1;
      kTile[to + 8 * P_STRIDE + 16] = s1.c2;
      kTile[to + 8 * P_STRIDE + 24] = s1.c3;
      kTile[to + 16 * P_STRIDE] = s2.c0;
      kTile[to + 16 * P_STRIDE + 8] = s2.c1;
      kTile[to + 16 * P_STRIDE + 16] = s2.c2;
      kTile[to + 16 * P_STRIDE + 24] = s2.c3;
      kTile[to + 24 * P_STRIDE] = s3.c0;
      kTile[to + 24 * P_STRIDE + 8] = s3.c1;
      kTile[to + 24 * P_STRIDE + 16] = s3.c2;
      kTile[to + 24 * P_STRIDE + 24] = s3.c3;
      kTile[to + 32 * P_STRIDE] = s4.c0;
      kTile[to + 32 * P_STRIDE + 8] = s4.c1;
      kTile[to + 32 * P_STRIDE + 16] = s4.c2;
      kTile[to + 32 * P_STRIDE + 24] = s4.c3;
      context.localBarrier();
      for (int k0 = 0; k0 < KEYS; k0 += 4) {
        int p = ty * P_STRIDE + k0;
        int v = k0 * DEPTH + tx * 4;
        for (int u = 0; u < 4; u++) {
          Row8 values =
              new Row8(
                  vTile[v + u * DEPTH],
                  vTile[v + u * DEPTH + 1],
                  vTile[v + u * DEPTH + 2],
                  vTile[v + u * DEPTH + 3],
                  vTile[v + u * DEPTH + 32],
                  vTile[v + u * DEPTH + 33],
                  vTile[v + u * DEPTH + 34],
                  vTile[v + u * DEPTH + 35]);
          o0.add(kTile[p + u], values);
          o1.add(kTile[p + 8 * P_STRIDE + u], values);
          o2.add(kTile[p + 16 * P_STRIDE + u], values);
          o3.add(kTile[p + 24 * P_STRIDE + u], values);
          o4.add(kTile[p + 32 * P_STRIDE + u], values);
        }
      }
    }
    context.localBarrier();
    partial[ty * 8 + tx] = sum0;
    partial[(ty + 8) * 8 + tx] = sum1;
    partial[(ty + 16) * 8 + tx] = sum2;
    partial[(ty + 24) * 8 + tx] = sum3;
    partial[(ty + 32) * 8 + tx] = sum4;
    context.localBarrier();
    float total0 = 0f;
    float total1 = 0f;
    float total2 = 0f;
    float total3 = 0f;
    float total4 = 0f;
    for (int t = 0; t < 8; t++) {
      total0 += partial[ty * 8 + t];
      total1 += partial[(ty + 8) * 8 + t];
      total2 += partial[(ty + 16) * 8 + t];
      total3 += partial[(ty + 24) * 8 + t];
      total4 += partial[(ty + 32) * 8 + t];
    }
    int column = outColumn + tx * 4;
    int y0 = image * tokens * width + head * headSize + column;
    int query = firstQuery + ty;
    store(y, halves, toHalves, o0, 1f / total0, y0, query, column, tokens, width, headSize);
    store(y, halves, toHalves, o1, 1f / total1, y0, query + 8, column, tokens, width, headSize);
    store(y, halves, toHalves, o2, 1f / total2, y0, query + 16, column, tokens, width, headSize);
    store(y, halves, toHalves, o3, 1f / total3, y0, query + 24, column, tokens, width, headSize);
    store(y, halves, toHalves, o4, 1f / total4, y0, query + 32, column, tokens, width, headSize);
  }

  /** Adds the bias of a query's four keys, minus infinity beyond the last; the largest score. */
  private static float scores(
      Row4 s, FloatArray w, int table, int query, int key, int tokens, int biased) {
    int row = table + Math.min(query, tokens - 1) * tokens;
    s.c0 = score(s.c0, w, row, key, tokens, biased);
    s.c1 = score(s.c1, w, row, key + 8, tokens, biased);
    s.c2 = score(s.c2, w, row, key + 16, tokens, biased);
    s.c3 = score(s.c3, w, row, key + 24, tokens, biased);
    return TornadoMath.max(TornadoMath.max(s.c0, s.c1), TornadoMath.max(s.c2, s.c3));
  }

  /** Scales what was summed up so far to a new maximum. */
  private static float fade(float sum, Row8 o, float change) {
    float factor = TornadoMath.exp(change);
    o.scale(factor);
    return sum * factor;
  }

  /** Scores become weights; their sum. */
  private static float weigh(Row4 s, float max) {
    s.c0 = TornadoMath.exp(s.c0 - max);
    s.c1 = TornadoMath.exp(s.c1 - max);
    s.c2 = TornadoMath.exp(s.c2 - max);
    s.c3 = TornadoMath.exp(s.c3 - max);
    return s.c0 + s.c1 + (s.c2 + s.c3);
  }

  private static void store(
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      Row8 o,
      float r,
      int y0,
      int query,
      int column,
      int tokens,
      int width,
      int headSize) {
    if (query < tokens) {
      int at = y0 + query * width;
      store(y, halves, toHalves, at, 0, o.c0 * r, column, headSize);
      store(y, halves, toHalves, at, 1, o.c1 * r, column, headSize);
      store(y, halves, toHalves, at, 2, o.c2 * r, column, headSize);
      store(y, halves, toHalves, at, 3, o.c3 * r, column, headSize);
      store(y, halves, toHalves, at, 32, o.c4 * r, column, headSize);
      store(y, halves, toHalves, at, 33, o.c5 * r, column, headSize);
      store(y, halves, toHalves, at, 34, o.c6 * r, column, headSize);
      store(y, halves, toHalves, at, 35, o.c7 * r, column, headSize);
    }
  }

  private static void store(
      FloatArray y,
      HalfFloatArray halves,
      int toHalves,
      int at,
      int across,
      float value,
      int column,
      int headSize) {
    if (headSize % DEPTH == 0 || column + across < headSize) {
      Halves.store(y, halves, at + across, value, toHalves);
    }
  }

  private static float load(FloatArray qkv, int start, int column, int headSize) {
    float value =
        qkv.get(start + (headSize % DEPTH == 0 ? column : Math.min(column, headSize - 1)));
    return headSize % DEPTH == 0 || column < headSize ? value : 0f;
  }

  private static float score(float s, FloatArray w, int row, int key, int tokens, int biased) {
    float value = s;
    if (biased > 0) {
      value = s + w.get(row + (tokens % KEYS == 0 ? key : Math.min(key, tokens - 1)));
    }
    return tokens % KEYS == 0 || key < tokens ? value : Float.NEGATIVE_INFINITY;
  }
}
