package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Epilogue;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The epilogue of a matrix product: applied to a finished sum before it is stored. The kind is a
 * scalar kernel argument: TornadoVM burns it in as a constant, so a kernel contains only the branch
 * it uses.
 *
 * <p>Every function is built from {@code exp} alone. PTX has {@code tanh.approx} with a relative
 * error of 2^-11, and no back end has erf.
 */
public final class TornadoEpilogue {
  public static final int NONE = 0;

  /** x Φ(x), the erf form: {@code torch.nn.GELU()}. */
  public static final int GELU = 1;

  /**
   * 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x³))): {@code gelu_new}, {@code gelu_pytorch_tanh}.
   */
  public static final int GELU_TANH = 2;

  /** x / (1 + exp(-1.702 x)). */
  public static final int QUICK_GELU = 3;

  /** x / (1 + exp(-x)). */
  public static final int SILU = 4;

  public static final int RELU = 5;
  public static final int TANH = 6;

  /**
   * y += value: the residual branch. A layer scale is folded into the weights and the bias when
   * they are packed.
   */
  public static final int RESIDUAL = 7;

  private TornadoEpilogue() {}

  /** The kind of an epilogue. */
  static int of(Epilogue epilogue) {
    return switch (epilogue) {
      case Epilogue.Activate(Activation activation) -> of(activation);
      case Epilogue.Residual _ -> RESIDUAL;
    };
  }

  /** The kind of an activation. */
  public static int of(Activation activation) {
    return switch (activation) {
      case IDENTITY -> NONE;
      case GELU -> GELU;
      case GELU_TANH -> GELU_TANH;
      case QUICK_GELU -> QUICK_GELU;
      case RELU -> RELU;
      case SILU -> SILU;
      case TANH -> TANH;
    };
  }

  /**
   * A finished sum as it is stored, for every kind.
   *
   * @param added read by {@link #RESIDUAL} alone
   * @param at the element of it
   */
  static float finish(float sum, int kind, FloatArray added, int at) {
    return kind == RESIDUAL ? added.get(at) + sum : apply(sum, kind);
  }

  /**
   * {@code kind(x)}.
   *
   * @param kind a constant of this class, {@link #RESIDUAL} excepted: that one needs the old value
   */
  public static float apply(float x, int kind) {
    float result = x;
    if (kind == GELU) {
      result = gelu(x);
    } else if (kind == GELU_TANH) {
      result = x / (1f + TornadoMath.exp(-1.595769f * (x + 0.044715f * x * x * x)));
    } else if (kind == QUICK_GELU) {
      result = x / (1f + TornadoMath.exp(-1.702f * x));
    } else if (kind == SILU) {
      result = x / (1f + TornadoMath.exp(-x));
    } else if (kind == RELU) {
      result = x < 0f ? 0f : x; // Not max, which loses NaN in OpenCL.
    } else if (kind == TANH) {
      float e = TornadoMath.exp(-2f * TornadoMath.abs(x));
      float t = (1f - e) / (1f + e);
      result = x < 0f ? -t : t;
    }
    return result;
  }

  /**
   * Φ(-a) = exp(-r(a)) for a = min(|x|, 8), r the polynomial nearest to -ln Φ(-a) with the weight a
   * Φ(-a), which {@code src/main/python/fit_gelu.py} derives: 7e-9 of gelu. With float32 arithmetic
   * the absolute error is below 1.2e-7 max(1, |x|); no division. From 8 on the tail is 0, so that a
   * large negative x gives -0 and minus infinity NaN, as the formula does.
   */
  private static float gelu(float x) {
    float a = TornadoMath.min(TornadoMath.abs(x), 8f);
    float r = 1.1716982e-06f;
    r = r * a - 1.738644e-05f;
    r = r * a + 7.9339574e-05f;
    r = r * a + 0.0002241234f;
    r = r * a - 0.005083114f;
    r = r * a + 0.036538698f;
    r = r * a + 0.31823456f;
    r = r * a + 0.7978978f;
    r = r * a + 0.6931464f;
    float tail = TornadoMath.abs(x) < 8f ? TornadoMath.exp(-r) : 0f;
    return x * (x < 0f ? tail : 1f - tail);
  }
}
