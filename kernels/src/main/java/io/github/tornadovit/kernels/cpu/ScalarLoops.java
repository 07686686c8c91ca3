package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.Polynomials.NormalTail;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link InnerLoops} without the Vector API: right on every JVM, several times slower. */
public final class ScalarLoops implements InnerLoops {
  /** Rows that share one pass over a panel. */
  private static final int ROWS = 4;

  /** Columns: long enough for the JIT compiler to vectorise the innermost loop by itself. */
  private static final int COLUMNS = 32;

  private static final CodedLoops INT8 = new PortableInt8Loops(COLUMNS);

  private static final float SQRT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);

  /** The loops, which have no state. */
  public ScalarLoops() {}

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  public CodedLoops int8() {
    return INT8;
  }

  @Override
  public int tileRows() {
    return ROWS;
  }

  @Override
  public int panelColumns() {
    return COLUMNS;
  }

  @Override
  public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
    for (int i = 0; i < rows; i++) {
      int sums = c.at(i);
      System.arraycopy(init.array(), init.at(i), c.array(), sums, COLUMNS);
      int row = a.at(i);
      for (int k = 0; k < panel.depth(); k++) {
        int right = panel.offset() + k * COLUMNS;
        multiplyAdd(a.array()[row + k], panel.array(), right, c.array(), sums);
      }
    }
  }

  private static void multiplyAdd(float a, float[] x, int xOffset, float[] y, int yOffset) {
    for (int j = 0; j < COLUMNS; j++) {
      y[yOffset + j] += a * x[xOffset + j];
    }
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      x[i] = activate(activation, x[i]);
    }
  }

  private static float activate(Activation activation, float x) {
    return switch (activation) {
      case IDENTITY -> x;
      case GELU -> gelu(x);
      case GELU_TANH -> x * sigmoid(2 * SQRT_2_OVER_PI * (x + 0.044715f * x * x * x));
      case QUICK_GELU -> x * sigmoid(1.702f * x);
      case RELU -> Math.max(x, 0);
      case SILU -> x * sigmoid(x);
      case TANH -> (float) Math.tanh(x);
    };
  }

  private static float sigmoid(float x) {
    return 1 / (1 + (float) Math.exp(-x));
  }

  private static float gelu(float x) {
    float a = Math.abs(x);
    float p = NormalTail.C8;
    p = p * a + NormalTail.C7;
    p = p * a + NormalTail.C6;
    p = p * a + NormalTail.C5;
    p = p * a + NormalTail.C4;
    p = p * a + NormalTail.C3;
    p = p * a + NormalTail.C2;
    p = p * a + NormalTail.C1;
    p = p * a + NormalTail.C0;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    float tail = 1 / p;
    return x * (x > 0 ? 1 - tail : tail);
  }

  @Override
  public void storeRows(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns) {
    for (int i = 0; i < rows; i++) {
      int source = xOffset + i * COLUMNS;
      int row = y.at(i);
      for (int j = 0; j < columns; j++) {
        float value = x[source + j];
        if (scale != null) {
          value *= scale.array()[scale.at(i) + j];
        }
        y.array()[row + j] = accumulate ? y.array()[row + j] + value : value;
      }
    }
  }

  @Override
  public float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      float score = x[offset + j] * scale + (bias == null ? 0 : bias[biasOffset + j]);
      x[offset + j] = score;
      max = Math.max(max, score);
    }
    float sum = 0;
    for (int j = 0; j < count; j++) {
      float value = (float) Math.exp(x[offset + j] - max);
      x[offset + j] = value;
      sum += value;
    }
    Arrays.fill(x, offset + count, offset + Panels.padded(count, COLUMNS), 0);
    return sum;
  }

  @Override
  public void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count) {
    float sum = 0;
    for (int j = 0; j < count; j++) {
      sum += x[xOffset + j];
    }
    float mean = sum / count;
    float squares = 0;
    for (int j = 0; j < count; j++) {
      float difference = x[xOffset + j] - mean;
      squares += difference * difference;
    }
    float inverse = (float) (1 / Math.sqrt(squares / count + eps));
    for (int j = 0; j < count; j++) {
      y[yOffset + j] = (x[xOffset + j] - mean) * inverse * weight[j] + bias[j];
    }
  }
}
