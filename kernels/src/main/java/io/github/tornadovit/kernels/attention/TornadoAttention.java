package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightLayout;
import io.github.tornadovit.kernels.launch.WeightSlot;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Attention with online softmax and an optional additive bias; no [T, T] matrix in device memory.
 *
 * <p>Math: {@code y[b,t,h,:] = sum_s softmax_s(scale q[b,t,h]·k[b,s,h] + bias[h,t,s]) v[b,s,h]}.
 *
 * <p>Shapes: {@code qkv [B, T, 3D], q|k|v at columns 0, D, 2D, head h at h·d; from w[offset] on
 * bias [H, T, T] (nothing when biased is 0); y [B, T, D]} f32.
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
 * multiples of 4, which lets ptxas load 4 floats at once.
 *
 * <p>Precision: f32 throughout. The running maximum is exact, and finite from the start, so that
 * keys with a bias of minus infinity, even a whole tile, have no weight. Every thread keeps the sum
 * of its own keys until the end.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoAttention implements DeviceOperation {
  static final int QUERIES = 40;
  static final int KEYS = 32;
  static final int DEPTH = 64;
  static final int GROUP = 64;
  static final int Q_STRIDE = DEPTH + 4;
  static final int K_STRIDE = DEPTH + 4;
  static final int P_STRIDE = KEYS + 8;

  private final Attention attention;
  private final WeightSlot bias;

  /** Places the bias. */
  public TornadoAttention(Attention attention, WeightLayout layout) {
    this.attention = attention;
    bias = attention.bias() == null ? layout.nothing() : layout.plain(attention.bias());
  }

  @Override
  public void record(TaskRecorder recorder) {
    int tokens = attention.qkv().rows();
    recorder
        .graph()
        .task(
            recorder.groups(
                "attention",
                Math.ceilDiv(tokens, QUERIES),
                Math.multiplyExact(recorder.batch(), attention.heads()),
                Math.ceilDiv(attention.headSize(), DEPTH),
                GROUP),
            TornadoAttention::attention,
            recorder.context(),
            recorder.array(attention.qkv()),
            bias.array(),
            recorder.array(attention.output()),
            bias.offset(),
            tokens,
            attention.heads(),
            attention.headSize(),
            attention.bias() == null ? 0 : 1,
            attention.scale());
  }

  /** The kernel. */
  public static void attention(
      KernelContext context,
      FloatArray qkv,
      FloatArray w,
      FloatArray y,
      int offset,
      int tokens,
      int heads,
      int headSize,
      int biased,
      float scale) {
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
    float sum0 = 0f;
    float max1 = -Float.MAX_VALUE;
    float sum1 = 0f;
    float max2 = -Float.MAX_VALUE;
    float sum2 = 0f;
    float max3 = -Float.MAX_VALUE;
    float sum3 = 0f;
    float max4 = -Float.MAX_VALUE;
    float sum4 = 0f;
    float o00 = 0f;
    float o01 = 0f;
    float o02 = 0f;
    float o03 = 0f;
    float o04 = 0f;
    float o05 = 0f;
    float o06 = 0f;
    float o07 = 0f;
    float o10 = 0f;
    float o11 = 0f;
    float o12 = 0f;
    float o13 = 0f;
    float o14 = 0f;
    float o15 = 0f;
    float o16 = 0f;
    float o17 = 0f;
    float o20 = 0f;
    float o21 = 0f;
    float o22 = 0f;
    float o23 = 0f;
    float o24 = 0f;
    float o25 = 0f;
    float o26 = 0f;
    float o27 = 0f;
    float o30 = 0f;
    float o31 = 0f;
    float o32 = 0f;
    float o33 = 0f;
    float o34 = 0f;
    float o35 = 0f;
    float o36 = 0f;
    float o37 = 0f;
    float o40 = 0f;
    float o41 = 0f;
    float o42 = 0f;
    float o43 = 0f;
    float o44 = 0f;
    float o45 = 0f;
    float o46 = 0f;
    float o47 = 0f;
    if (chunks == 1) {
      for (int r = 0; r < QUERIES; r++) {
        int row = Math.min(firstQuery + r, tokens - 1);
        qTile[r * Q_STRIDE + thread] =
            load(qkv, q0 + row * rowStride, 0 + thread, headSize) * scale;
      }
    }
    for (int firstKey = 0; firstKey < tokens; firstKey += KEYS) {
      float s00 = 0f;
      float s01 = 0f;
      float s02 = 0f;
      float s03 = 0f;
      float s10 = 0f;
      float s11 = 0f;
      float s12 = 0f;
      float s13 = 0f;
      float s20 = 0f;
      float s21 = 0f;
      float s22 = 0f;
      float s23 = 0f;
      float s30 = 0f;
      float s31 = 0f;
      float s32 = 0f;
      float s33 = 0f;
      float s40 = 0f;
      float s41 = 0f;
      float s42 = 0f;
      float s43 = 0f;
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
          for (int u = 0; u < 4; u++) {
            int kk = k0 + u;
            float a0 = qTile[(ty + 0) * Q_STRIDE + kk];
            float a1 = qTile[(ty + 8) * Q_STRIDE + kk];
            float a2 = qTile[(ty + 16) * Q_STRIDE + kk];
            float a3 = qTile[(ty + 24) * Q_STRIDE + kk];
            float a4 = qTile[(ty + 32) * Q_STRIDE + kk];
            float b0 = kTile[(tx + 0) * K_STRIDE + kk];
            float b1 = kTile[(tx + 8) * K_STRIDE + kk];
            float b2 = kTile[(tx + 16) * K_STRIDE + kk];
            float b3 = kTile[(tx + 24) * K_STRIDE + kk];
            s00 += a0 * b0;
            s01 += a0 * b1;
            s02 += a0 * b2;
            s03 += a0 * b3;
            s10 += a1 * b0;
            s11 += a1 * b1;
            s12 += a1 * b2;
            s13 += a1 * b3;
            s20 += a2 * b0;
            s21 += a2 * b1;
            s22 += a2 * b2;
            s23 += a2 * b3;
            s30 += a3 * b0;
            s31 += a3 * b1;
            s32 += a3 * b2;
            s33 += a3 * b3;
            s40 += a4 * b0;
            s41 += a4 * b1;
            s42 += a4 * b2;
            s43 += a4 * b3;
          }
        }
      }
      int key = firstKey + tx;
      int bias0 = offset + (head * tokens + Math.min(firstQuery + ty + 0, tokens - 1)) * tokens;
      s00 = score(s00, w, bias0, key + 0, tokens, biased);
      s01 = score(s01, w, bias0, key + 8, tokens, biased);
      s02 = score(s02, w, bias0, key + 16, tokens, biased);
      s03 = score(s03, w, bias0, key + 24, tokens, biased);
      int bias1 = offset + (head * tokens + Math.min(firstQuery + ty + 8, tokens - 1)) * tokens;
      s10 = score(s10, w, bias1, key + 0, tokens, biased);
      s11 = score(s11, w, bias1, key + 8, tokens, biased);
      s12 = score(s12, w, bias1, key + 16, tokens, biased);
      s13 = score(s13, w, bias1, key + 24, tokens, biased);
      int bias2 = offset + (head * tokens + Math.min(firstQuery + ty + 16, tokens - 1)) * tokens;
      s20 = score(s20, w, bias2, key + 0, tokens, biased);
      s21 = score(s21, w, bias2, key + 8, tokens, biased);
      s22 = score(s22, w, bias2, key + 16, tokens, biased);
      s23 = score(s23, w, bias2, key + 24, tokens, biased);
      int bias3 = offset + (head * tokens + Math.min(firstQuery + ty + 24, tokens - 1)) * tokens;
      s30 = score(s30, w, bias3, key + 0, tokens, biased);
      s31 = score(s31, w, bias3, key + 8, tokens, biased);
      s32 = score(s32, w, bias3, key + 16, tokens, biased);
      s33 = score(s33, w, bias3, key + 24, tokens, biased);
      int bias4 = offset + (head * tokens + Math.min(firstQuery + ty + 32, tokens - 1)) * tokens;
      s40 = score(s40, w, bias4, key + 0, tokens, biased);
      s41 = score(s41, w, bias4, key + 8, tokens, biased);
      s42 = score(s42, w, bias4, key + 16, tokens, biased);
      s43 = score(s43, w, bias4, key + 24, tokens, biased);
      partial[(ty + 0) * 8 + tx] =
          TornadoMath.max(TornadoMath.max(s00, s01), TornadoMath.max(s02, s03));
      partial[(ty + 8) * 8 + tx] =
          TornadoMath.max(TornadoMath.max(s10, s11), TornadoMath.max(s12, s13));
      partial[(ty + 16) * 8 + tx] =
          TornadoMath.max(TornadoMath.max(s20, s21), TornadoMath.max(s22, s23));
      partial[(ty + 24) * 8 + tx] =
          TornadoMath.max(TornadoMath.max(s30, s31), TornadoMath.max(s32, s33));
      partial[(ty + 32) * 8 + tx] =
          TornadoMath.max(TornadoMath.max(s40, s41), TornadoMath.max(s42, s43));
      context.localBarrier();
      float new0 = max0;
      float new1 = max1;
      float new2 = max2;
      float new3 = max3;
      float new4 = max4;
      for (int t = 0; t < 8; t++) {
        new0 = TornadoMath.max(new0, partial[(ty + 0) * 8 + t]);
        new1 = TornadoMath.max(new1, partial[(ty + 8) * 8 + t]);
        new2 = TornadoMath.max(new2, partial[(ty + 16) * 8 + t]);
        new3 = TornadoMath.max(new3, partial[(ty + 24) * 8 + t]);
        new4 = TornadoMath.max(new4, partial[(ty + 32) * 8 + t]);
      }
      float fade0 = TornadoMath.exp(max0 - new0);
      max0 = new0;
      s00 = TornadoMath.exp(s00 - new0);
      kTile[(ty + 0) * P_STRIDE + tx + 0] = s00;
      s01 = TornadoMath.exp(s01 - new0);
      kTile[(ty + 0) * P_STRIDE + tx + 8] = s01;
      s02 = TornadoMath.exp(s02 - new0);
      kTile[(ty + 0) * P_STRIDE + tx + 16] = s02;
      s03 = TornadoMath.exp(s03 - new0);
      kTile[(ty + 0) * P_STRIDE + tx + 24] = s03;
      sum0 = sum0 * fade0 + (s00 + s01 + (s02 + s03));
      o00 *= fade0;
      o01 *= fade0;
      o02 *= fade0;
      o03 *= fade0;
      o04 *= fade0;
      o05 *= fade0;
      o06 *= fade0;
      o07 *= fade0;
      float fade1 = TornadoMath.exp(max1 - new1);
      max1 = new1;
      s10 = TornadoMath.exp(s10 - new1);
      kTile[(ty + 8) * P_STRIDE + tx + 0] = s10;
      s11 = TornadoMath.exp(s11 - new1);
      kTile[(ty + 8) * P_STRIDE + tx + 8] = s11;
      s12 = TornadoMath.exp(s12 - new1);
      kTile[(ty + 8) * P_STRIDE + tx + 16] = s12;
      s13 = TornadoMath.exp(s13 - new1);
      kTile[(ty + 8) * P_STRIDE + tx + 24] = s13;
      sum1 = sum1 * fade1 + (s10 + s11 + (s12 + s13));
      o10 *= fade1;
      o11 *= fade1;
      o12 *= fade1;
      o13 *= fade1;
      o14 *= fade1;
      o15 *= fade1;
      o16 *= fade1;
      o17 *= fade1;
      float fade2 = TornadoMath.exp(max2 - new2);
      max2 = new2;
      s20 = TornadoMath.exp(s20 - new2);
      kTile[(ty + 16) * P_STRIDE + tx + 0] = s20;
      s21 = TornadoMath.exp(s21 - new2);
      kTile[(ty + 16) * P_STRIDE + tx + 8] = s21;
      s22 = TornadoMath.exp(s22 - new2);
      kTile[(ty + 16) * P_STRIDE + tx + 16] = s22;
      s23 = TornadoMath.exp(s23 - new2);
      kTile[(ty + 16) * P_STRIDE + tx + 24] = s23;
      sum2 = sum2 * fade2 + (s20 + s21 + (s22 + s23));
      o20 *= fade2;
      o21 *= fade2;
      o22 *= fade2;
      o23 *= fade2;
      o24 *= fade2;
      o25 *= fade2;
      o26 *= fade2;
      o27 *= fade2;
      float fade3 = TornadoMath.exp(max3 - new3);
      max3 = new3;
      s30 = TornadoMath.exp(s30 - new3);
      kTile[(ty + 24) * P_STRIDE + tx + 0] = s30;
      s31 = TornadoMath.exp(s31 - new3);
      kTile[(ty + 24) * P_STRIDE + tx + 8] = s31;
      s32 = TornadoMath.exp(s32 - new3);
      kTile[(ty + 24) * P_STRIDE + tx + 16] = s32;
      s33 = TornadoMath.exp(s33 - new3);
      kTile[(ty + 24) * P_STRIDE + tx + 24] = s33;
      sum3 = sum3 * fade3 + (s30 + s31 + (s32 + s33));
      o30 *= fade3;
      o31 *= fade3;
      o32 *= fade3;
      o33 *= fade3;
      o34 *= fade3;
      o35 *= fade3;
      o36 *= fade3;
      o37 *= fade3;
      float fade4 = TornadoMath.exp(max4 - new4);
      max4 = new4;
      s40 = TornadoMath.exp(s40 - new4);
      kTile[(ty + 32) * P_STRIDE + tx + 0] = s40;
      s41 = TornadoMath.exp(s41 - new4);
      kTile[(ty + 32) * P_STRIDE + tx + 8] = s41;
      s42 = TornadoMath.exp(s42 - new4);
      kTile[(ty + 32) * P_STRIDE + tx + 16] = s42;
      s43 = TornadoMath.exp(s43 - new4);
      kTile[(ty + 32) * P_STRIDE + tx + 24] = s43;
      sum4 = sum4 * fade4 + (s40 + s41 + (s42 + s43));
      o40 *= fade4;
      o41 *= fade4;
      o42 *= fade4;
      o43 *= fade4;
      o44 *= fade4;
      o45 *= fade4;
      o46 *= fade4;
      o47 *= fade4;
      context.localBarrier();
      for (int k0 = 0; k0 < KEYS; k0 += 4) {
        for (int u = 0; u < 4; u++) {
          int kk = k0 + u;
          float p0 = kTile[(ty + 0) * P_STRIDE + kk];
          float p1 = kTile[(ty + 8) * P_STRIDE + kk];
          float p2 = kTile[(ty + 16) * P_STRIDE + kk];
          float p3 = kTile[(ty + 24) * P_STRIDE + kk];
          float p4 = kTile[(ty + 32) * P_STRIDE + kk];
          float v0 = vTile[kk * DEPTH + tx * 4 + 0];
          float v1 = vTile[kk * DEPTH + tx * 4 + 1];
          float v2 = vTile[kk * DEPTH + tx * 4 + 2];
          float v3 = vTile[kk * DEPTH + tx * 4 + 3];
          float v4 = vTile[kk * DEPTH + tx * 4 + 32];
          float v5 = vTile[kk * DEPTH + tx * 4 + 33];
          float v6 = vTile[kk * DEPTH + tx * 4 + 34];
          float v7 = vTile[kk * DEPTH + tx * 4 + 35];
          o00 += p0 * v0;
          o01 += p0 * v1;
          o02 += p0 * v2;
          o03 += p0 * v3;
          o04 += p0 * v4;
          o05 += p0 * v5;
          o06 += p0 * v6;
          o07 += p0 * v7;
          o10 += p1 * v0;
          o11 += p1 * v1;
          o12 += p1 * v2;
          o13 += p1 * v3;
          o14 += p1 * v4;
          o15 += p1 * v5;
          o16 += p1 * v6;
          o17 += p1 * v7;
          o20 += p2 * v0;
          o21 += p2 * v1;
          o22 += p2 * v2;
          o23 += p2 * v3;
          o24 += p2 * v4;
          o25 += p2 * v5;
          o26 += p2 * v6;
          o27 += p2 * v7;
          o30 += p3 * v0;
          o31 += p3 * v1;
          o32 += p3 * v2;
          o33 += p3 * v3;
          o34 += p3 * v4;
          o35 += p3 * v5;
          o36 += p3 * v6;
          o37 += p3 * v7;
          o40 += p4 * v0;
          o41 += p4 * v1;
          o42 += p4 * v2;
          o43 += p4 * v3;
          o44 += p4 * v4;
          o45 += p4 * v5;
          o46 += p4 * v6;
          o47 += p4 * v7;
        }
      }
    }
    context.localBarrier();
    partial[(ty + 0) * 8 + tx] = sum0;
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
      total0 += partial[(ty + 0) * 8 + t];
      total1 += partial[(ty + 8) * 8 + t];
      total2 += partial[(ty + 16) * 8 + t];
      total3 += partial[(ty + 24) * 8 + t];
      total4 += partial[(ty + 32) * 8 + t];
    }
    int column = outColumn + tx * 4;
    int query0 = firstQuery + ty + 0;
    if (query0 < tokens) {
      int at = (image * tokens + query0) * width + head * headSize + column;
      float r = 1f / total0;
      if (headSize % DEPTH == 0 || column + 0 < headSize) y.set(at + 0, o00 * r);
      if (headSize % DEPTH == 0 || column + 1 < headSize) y.set(at + 1, o01 * r);
      if (headSize % DEPTH == 0 || column + 2 < headSize) y.set(at + 2, o02 * r);
      if (headSize % DEPTH == 0 || column + 3 < headSize) y.set(at + 3, o03 * r);
      if (headSize % DEPTH == 0 || column + 32 < headSize) y.set(at + 32, o04 * r);
      if (headSize % DEPTH == 0 || column + 33 < headSize) y.set(at + 33, o05 * r);
      if (headSize % DEPTH == 0 || column + 34 < headSize) y.set(at + 34, o06 * r);
      if (headSize % DEPTH == 0 || column + 35 < headSize) y.set(at + 35, o07 * r);
    }
    int query1 = firstQuery + ty + 8;
    if (query1 < tokens) {
      int at = (image * tokens + query1) * width + head * headSize + column;
      float r = 1f / total1;
      if (headSize % DEPTH == 0 || column + 0 < headSize) y.set(at + 0, o10 * r);
      if (headSize % DEPTH == 0 || column + 1 < headSize) y.set(at + 1, o11 * r);
      if (headSize % DEPTH == 0 || column + 2 < headSize) y.set(at + 2, o12 * r);
      if (headSize % DEPTH == 0 || column + 3 < headSize) y.set(at + 3, o13 * r);
      if (headSize % DEPTH == 0 || column + 32 < headSize) y.set(at + 32, o14 * r);
      if (headSize % DEPTH == 0 || column + 33 < headSize) y.set(at + 33, o15 * r);
      if (headSize % DEPTH == 0 || column + 34 < headSize) y.set(at + 34, o16 * r);
      if (headSize % DEPTH == 0 || column + 35 < headSize) y.set(at + 35, o17 * r);
    }
    int query2 = firstQuery + ty + 16;
    if (query2 < tokens) {
      int at = (image * tokens + query2) * width + head * headSize + column;
      float r = 1f / total2;
      if (headSize % DEPTH == 0 || column + 0 < headSize) y.set(at + 0, o20 * r);
      if (headSize % DEPTH == 0 || column + 1 < headSize) y.set(at + 1, o21 * r);
      if (headSize % DEPTH == 0 || column + 2 < headSize) y.set(at + 2, o22 * r);
      if (headSize % DEPTH == 0 || column + 3 < headSize) y.set(at + 3, o23 * r);
      if (headSize % DEPTH == 0 || column + 32 < headSize) y.set(at + 32, o24 * r);
      if (headSize % DEPTH == 0 || column + 33 < headSize) y.set(at + 33, o25 * r);
      if (headSize % DEPTH == 0 || column + 34 < headSize) y.set(at + 34, o26 * r);
      if (headSize % DEPTH == 0 || column + 35 < headSize) y.set(at + 35, o27 * r);
    }
    int query3 = firstQuery + ty + 24;
    if (query3 < tokens) {
      int at = (image * tokens + query3) * width + head * headSize + column;
      float r = 1f / total3;
      if (headSize % DEPTH == 0 || column + 0 < headSize) y.set(at + 0, o30 * r);
      if (headSize % DEPTH == 0 || column + 1 < headSize) y.set(at + 1, o31 * r);
      if (headSize % DEPTH == 0 || column + 2 < headSize) y.set(at + 2, o32 * r);
      if (headSize % DEPTH == 0 || column + 3 < headSize) y.set(at + 3, o33 * r);
      if (headSize % DEPTH == 0 || column + 32 < headSize) y.set(at + 32, o34 * r);
      if (headSize % DEPTH == 0 || column + 33 < headSize) y.set(at + 33, o35 * r);
      if (headSize % DEPTH == 0 || column + 34 < headSize) y.set(at + 34, o36 * r);
      if (headSize % DEPTH == 0 || column + 35 < headSize) y.set(at + 35, o37 * r);
    }
    int query4 = firstQuery + ty + 32;
    if (query4 < tokens) {
      int at = (image * tokens + query4) * width + head * headSize + column;
      float r = 1f / total4;
      if (headSize % DEPTH == 0 || column + 0 < headSize) y.set(at + 0, o40 * r);
      if (headSize % DEPTH == 0 || column + 1 < headSize) y.set(at + 1, o41 * r);
      if (headSize % DEPTH == 0 || column + 2 < headSize) y.set(at + 2, o42 * r);
      if (headSize % DEPTH == 0 || column + 3 < headSize) y.set(at + 3, o43 * r);
      if (headSize % DEPTH == 0 || column + 32 < headSize) y.set(at + 32, o44 * r);
      if (headSize % DEPTH == 0 || column + 33 < headSize) y.set(at + 33, o45 * r);
      if (headSize % DEPTH == 0 || column + 34 < headSize) y.set(at + 34, o46 * r);
      if (headSize % DEPTH == 0 || column + 35 < headSize) y.set(at + 35, o47 * r);
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
