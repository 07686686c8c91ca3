package io.github.tornadovit.kernels.attention;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Attention for CPU devices of OpenCL: one thread per image and head, online softmax over tiles of {@value #KEYS} keys.
 *
 * <p>Math and shapes as {@link TornadoAttention}. Grid: none. Requires: d ≤ {@value #MAX_HEAD}.
 */
public final class TornadoSerialAttention {
  static final int QUERIES = 16;
  static final int KEYS = 16;
  public static final int MAX_HEAD = 128;

  public static void attention(FloatArray qkv, FloatArray bias, FloatArray y, int batch, int tokens, int heads,
      int headSize, int biased, float scale) {
    for (@Parallel int group = 0; group < batch * heads; group++) {
      int width = heads * headSize;
      int stride = 3 * width;
      int image = group / heads;
      int head = group - image * heads;
      int q0 = image * tokens * stride + head * headSize;
      float[] kt = new float[MAX_HEAD * KEYS];
      float[] s = new float[KEYS];
      float[] out = new float[QUERIES * MAX_HEAD];
      float[] max = new float[QUERIES];
      float[] sum = new float[QUERIES];
      for (int firstQuery = 0; firstQuery < tokens; firstQuery += QUERIES) {
        for (int i = 0; i < QUERIES; i++) {
          max[i] = Float.NEGATIVE_INFINITY;
          sum[i] = 0f;
          for (int c = 0; c < headSize; c++) {
            out[i * headSize + c] = 0f;
          }
        }
        for (int firstKey = 0; firstKey < tokens; firstKey += KEYS) {
          int keys = TornadoMath.min(KEYS, tokens - firstKey);
          for (int c = 0; c < headSize; c++) {
            for (int j = 0; j < KEYS; j++) {
              kt[c * KEYS + j] = qkv.get(q0 + width + TornadoMath.min(firstKey + j, tokens - 1) * stride + c);
            }
          }
          for (int i = 0; i < QUERIES; i++) {
            int query = TornadoMath.min(firstQuery + i, tokens - 1);
            for (int j = 0; j < KEYS; j++) {
              s[j] = 0f;
            }
            for (int c = 0; c < headSize; c++) {
              float q = qkv.get(q0 + query * stride + c) * scale;
              for (int j = 0; j < KEYS; j++) {
                s[j] = s[j] + q * kt[c * KEYS + j];
              }
            }
            if (biased > 0) {
              int row = (head * tokens + query) * tokens + firstKey;
              for (int j = 0; j < keys; j++) {
                s[j] = s[j] + bias.get(row + j);
              }
            }
            float m = max[i];
            for (int j = 0; j < keys; j++) {
              m = TornadoMath.max(m, s[j]);
            }
            float fade = TornadoMath.exp(max[i] - m);
            max[i] = m;
            float total = sum[i] * fade;
            for (int c = 0; c < headSize; c++) {
              out[i * headSize + c] = out[i * headSize + c] * fade;
            }
            for (int j = 0; j < keys; j++) {
              float p = TornadoMath.exp(s[j] - m);
              total += p;
              int v = q0 + 2 * width + (firstKey + j) * stride;
              for (int c = 0; c < headSize; c++) {
                out[i * headSize + c] = out[i * headSize + c] + p * qkv.get(v + c);
              }
            }
            sum[i] = total;
          }
        }
        for (int i = 0; i < TornadoMath.min(QUERIES, tokens - firstQuery); i++) {
          float r = 1f / sum[i];
          int at = (image * tokens + firstQuery + i) * width + head * headSize;
          for (int c = 0; c < headSize; c++) {
            y.set(at + c, out[i * headSize + c] * r);
          }
        }
      }
    }
  }
}
