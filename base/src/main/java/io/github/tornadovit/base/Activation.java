package io.github.tornadovit.base;

/**
 * An element-wise activation function, by the formula that transformers' {@code ACT2FN} gives for
 * the config keys listed. Two keys with one formula are one constant.
 */
public enum Activation {
  /** {@code x}. Keys: {@code linear}. */
  IDENTITY,
  /** {@code x * 0.5 * (1 + erf(x / sqrt(2)))}. Keys: {@code gelu}, {@code gelu_python}. */
  GELU,
  /**
   * {@code 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}. Keys: {@code gelu_new}, {@code
   * gelu_pytorch_tanh}, {@code gelu_python_tanh}, {@code gelu_fast}, {@code gelu_accurate}.
   */
  GELU_TANH,
  /** {@code x * sigmoid(1.702 x)}. Keys: {@code quick_gelu}. */
  QUICK_GELU,
  /** {@code max(x, 0)}. Keys: {@code relu}. */
  RELU,
  /** {@code x * sigmoid(x)}. Keys: {@code silu}, {@code swish}. */
  SILU,
  /** {@code tanh(x)}. Keys: {@code tanh}. */
  TANH
}
