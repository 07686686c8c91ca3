package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;
import static io.github.tornadovit.kernels.vector.VectorWidth.LANES;

import io.github.tornadovit.kernels.cpu.FloatRows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import org.jspecify.annotations.Nullable;

/** The row-wise loops with vectors: store, softmax numerators, layer normalisation. */
final class VectorRows {
  private static final VectorShuffle<Float> HALF = fold(2);
  private static final VectorShuffle<Float> QUARTER = fold(4);
  private static final VectorShuffle<Float> EIGHTH = fold(8);
  private static final VectorShuffle<Float> SIXTEENTH = fold(16);

  private VectorRows() {}

  /** Brings the upper lanes of a part of the vector, a half, a quarter and so on, to the lower. */
  private static VectorShuffle<Float> fold(int part) {
    return VectorShuffle.iota(FLOATS, LANES / part, 1, true);
  }

  /**
   * The sum of all lanes, in one order. {@code reduceLanes} may add in another once it is compiled,
   * and the same image get another last digit.
   */
  private static float sum(FloatVector vector) {
    FloatVector sum = vector.add(vector.rearrange(HALF));
    sum = sum.add(sum.rearrange(QUARTER));
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(EIGHTH));
    }
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(SIXTEENTH));
    }
    return sum.lane(0);
  }

  static void store(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int count) {
    int vectors = FLOATS.loopBound(count);
    for (int j = 0; j < vectors; j += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + j);
      if (scale != null) {
        value = value.mul(FloatVector.fromArray(FLOATS, scale.array(), scale.offset() + j));
      }
      if (accumulate) {
        value = value.add(FloatVector.fromArray(FLOATS, y.array(), y.offset() + j));
      }
      value.intoArray(y.array(), y.offset() + j);
    }
    // Scalar tail.
    for (int j = vectors; j < count; j++) {
      float factor = scale == null ? 1 : scale.array()[scale.offset() + j];
      float value = x[xOffset + j] * factor;
      int at = y.offset() + j;
      y.array()[at] = accumulate ? y.array()[at] + value : value;
    }
  }

  static float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    int vectors = FLOATS.loopBound(count);
    int padded = count == vectors ? offset + count : offset + vectors + LANES;
    float max = scores(x, offset, count, scale, bias, biasOffset);
    // exp of the padding is 0.
    Arrays.fill(x, offset + count, padded, Float.NEGATIVE_INFINITY);

    FloatVector sums = FloatVector.zero(FLOATS);
    for (int j = offset; j < padded; j += LANES) {
      FloatVector e = Exponential.expUpToHighest(FloatVector.fromArray(FLOATS, x, j).sub(max));
      e.intoArray(x, j);
      sums = sums.add(e);
    }
    return sum(sums);
  }

  /** {@code x = scale x + bias}; returns the largest, NaN aside, which becomes NaN in exp. */
  private static float scores(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    int vectors = FLOATS.loopBound(count);
    FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int j = 0; j < vectors; j += LANES) {
      FloatVector score = FloatVector.fromArray(FLOATS, x, offset + j).mul(scale);
      if (bias != null) {
        score = score.add(FloatVector.fromArray(FLOATS, bias, biasOffset + j));
      }
      score.intoArray(x, offset + j);
      // Not max, which takes several instructions to treat NaN and zeros as Java does.
      largest = largest.blend(score, score.compare(VectorOperators.GT, largest));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    // Scalar tail.
    for (int j = vectors; j < count; j++) {
      float score = x[offset + j] * scale + (bias == null ? 0 : bias[biasOffset + j]);
      x[offset + j] = score;
      max = score > max ? score : max;
    }
    return max;
  }

  static void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count) {
    int vectors = FLOATS.loopBound(count);

    FloatVector sums = FloatVector.zero(FLOATS);
    for (int j = 0; j < vectors; j += LANES) {
      sums = sums.add(FloatVector.fromArray(FLOATS, x, xOffset + j));
    }
    float sum = sum(sums);
    // Scalar tail.
    for (int j = vectors; j < count; j++) {
      sum += x[xOffset + j];
    }
    float mean = sum / count;

    FloatVector squares = FloatVector.zero(FLOATS);
    for (int j = 0; j < vectors; j += LANES) {
      FloatVector difference = FloatVector.fromArray(FLOATS, x, xOffset + j).sub(mean);
      squares = difference.fma(difference, squares);
    }
    float square = sum(squares);
    // Scalar tail.
    for (int j = vectors; j < count; j++) {
      float difference = x[xOffset + j] - mean;
      square += difference * difference;
    }
    float inverse = (float) (1 / Math.sqrt(square / count + eps));

    for (int j = 0; j < vectors; j += LANES) {
      FloatVector difference = FloatVector.fromArray(FLOATS, x, xOffset + j).sub(mean);
      FloatVector.fromArray(FLOATS, weight, j)
          .fma(difference.mul(inverse), FloatVector.fromArray(FLOATS, bias, j))
          .intoArray(y, yOffset + j);
    }
    // Scalar tail.
    for (int j = vectors; j < count; j++) {
      y[yOffset + j] = (x[xOffset + j] - mean) * inverse * weight[j] + bias[j];
    }
  }
}
