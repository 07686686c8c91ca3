package io.github.tornadovit.kernels.program;

import io.github.tornadovit.base.Precision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right factor of a matrix product: a weight, and the precision in which it is multiplied.
 *
 * @param weight {@code [N, K]}, as checkpoints store it: one row per output
 * @param precision of both factors
 * @param inputs what the columns of the left factor reach, by which int8 spends its codes; null if
 *     nothing is known
 */
public record Matrix(Weight weight, Precision precision, @Nullable ColumnRanges inputs) {
  /** Longest row that int8 takes: {@code 255 * 127 * K} stays within 32 bits. */
  public static final int LONGEST_INT8_ROW = 1 << 16;

  /**
   * @throws IllegalArgumentException if a row is too long for the precision
   */
  public Matrix {
    Objects.requireNonNull(precision);
    if (precision == Precision.INT8 && weight.columns() > LONGEST_INT8_ROW) {
      throw new IllegalArgumentException(
          "weight %s has rows too long for exact int8 sums, expected at most %d columns; use f32"
              .formatted(weight, LONGEST_INT8_ROW));
    }
  }

  /** A weight in a precision, multiplied with what nothing is known of. */
  public Matrix(Weight weight, Precision precision) {
    this(weight, precision, null);
  }

  /** The weight in float32. */
  public static Matrix of(Weight weight) {
    return new Matrix(weight, Precision.F32);
  }

  /** N, the outputs. */
  public int rows() {
    return weight.rows();
  }

  /** K, the inputs. */
  public int columns() {
    return weight.columns();
  }

  @Override
  public String toString() {
    return precision == Precision.F32 ? weight.toString() : weight + " " + precision.label();
  }
}
