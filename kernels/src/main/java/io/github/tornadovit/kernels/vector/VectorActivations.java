package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;
import static io.github.tornadovit.kernels.vector.VectorWidth.LANES;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.Polynomials.NormalTail;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The activations on whole vectors, in place.
 *
 * <p>Precision against the formula in double: {@code GELU} 5e-7 absolute; {@code GELU_TANH}, {@code
 * QUICK_GELU} and {@code SILU} 1e-6 relative to max(1, |x|); {@code TANH} 3e-7 absolute; {@code
 * RELU} exact. NaN and infinities as the formulas give them, {@code -inf * 0} = NaN included.
 */
final class VectorActivations {
  private static final float GELU_TANH_SCALE = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float GELU_TANH_CUBIC = 0.044715f;
  private static final float QUICK_GELU_SCALE = 1.702f;

  private VectorActivations() {}

  static void apply(Activation activation, float[] x, int offset, int count) {
    int end = offset + count;
    switch (activation) {
      case IDENTITY -> {}
      case GELU -> gelu(x, offset, end);
      case GELU_TANH -> geluTanh(x, offset, end);
      case QUICK_GELU -> swish(QUICK_GELU_SCALE, x, offset, end);
      case RELU -> relu(x, offset, end);
      case SILU -> swish(1, x, offset, end);
      case TANH -> tanh(x, offset, end);
    }
  }

  /** {@code x (1 - Q(x))} or {@code x Q(-x)}, see {@link NormalTail}. */
  private static void gelu(float[] array, int offset, int end) {
    for (int i = offset; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      FloatVector a = x.abs();
      FloatVector p = FloatVector.broadcast(FLOATS, NormalTail.C8);
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C7));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C6));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C5));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C4));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C3));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C2));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C1));
      p = p.fma(a, FloatVector.broadcast(FLOATS, NormalTail.C0));
      p = p.mul(p);
      p = p.mul(p);
      p = p.mul(p);
      p = p.mul(p);
      FloatVector one = FloatVector.broadcast(FLOATS, 1f);
      FloatVector tail = one.div(p);
      VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
      x.mul(tail.blend(one.sub(tail), positive)).intoArray(array, i);
    }
  }

  /** {@code 0.5 x (1 + tanh(u)) = x sigmoid(2 u)}. */
  private static void geluTanh(float[] array, int offset, int end) {
    for (int i = offset; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      FloatVector cubic = x.mul(x).mul(x).mul(GELU_TANH_CUBIC).add(x);
      FloatVector e = Exponential.exp(cubic.mul(-GELU_TANH_SCALE));
      x.mul(FloatVector.broadcast(FLOATS, 1f).div(e.add(1f))).intoArray(array, i);
    }
  }

  /** {@code x sigmoid(scale x)}. */
  private static void swish(float scale, float[] array, int offset, int end) {
    for (int i = offset; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      FloatVector e = Exponential.exp(x.mul(-scale));
      x.mul(FloatVector.broadcast(FLOATS, 1f).div(e.add(1f))).intoArray(array, i);
    }
  }

  private static void relu(float[] array, int offset, int end) {
    for (int i = offset; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      // Not max: this leaves NaN as it is without a special case.
      x.blend(0f, x.compare(VectorOperators.LT, 0f)).intoArray(array, i);
    }
  }

  /** {@code 1 - 2 / (exp(2 x) + 1)}, odd by construction. */
  private static void tanh(float[] array, int offset, int end) {
    for (int i = offset; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      FloatVector a = x.abs();
      FloatVector e = Exponential.exp(a.add(a));
      FloatVector one = FloatVector.broadcast(FLOATS, 1f);
      FloatVector y = one.sub(FloatVector.broadcast(FLOATS, 2f).div(e.add(1f)));
      y.blend(y.neg(), x.compare(VectorOperators.LT, 0f)).intoArray(array, i);
    }
  }
}
