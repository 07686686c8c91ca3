package io.github.tornadovit.base;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The numbers that a matrix product multiplies. Sums, norms, softmax, activations and the residual
 * stream are float32 (integers where both factors are) whatever the factors.
 */
public enum Precision {
  /** Both factors float32. */
  F32(Float.BYTES),
  /**
   * Both factors rounded to bfloat16, once each: weights when they are loaded, activations per row;
   * exact products. {@code Bf16} of the kernels has the rules of rounding.
   */
  BF16(Short.BYTES),
  /**
   * Eight-bit integers, W8A8: weights symmetric with a scale per output channel, activations
   * asymmetric with a scale and a zero point per row, found at run time; exact 32-bit integer sums.
   * {@code Int8} of the kernels has the rules of rounding.
   */
  INT8(Byte.BYTES),
  /**
   * Both factors rounded to float16, IEEE 754's binary16, to the nearest, once each: weights when
   * they are loaded, activations when they are read; exact products. The largest is 65,504.
   */
  F16(Short.BYTES);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a weight. */
  public int bytes() {
    return bytes;
  }

  /** As the command line and results write it: {@code f32}, {@code int8}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of a label, in any case. */
  public static Optional<Precision> of(String label) {
    return Arrays.stream(values()).filter(one -> one.label().equalsIgnoreCase(label)).findFirst();
  }

  /** All labels, for messages: {@code f32, bf16, int8, f16}. */
  public static String labels() {
    return Arrays.stream(values()).map(Precision::label).collect(Collectors.joining(", "));
  }
}
