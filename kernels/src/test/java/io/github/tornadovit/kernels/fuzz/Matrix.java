package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.FloatRows;

/**
 * Rows of values in an array of guards: before the first, between any two, and after the last.
 *
 * @param array with the guards
 * @param offset of the first row
 * @param columns of a row
 * @param stride from one row to the next
 * @param values as they were put in, without guards
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Matrix(float[] array, int offset, int columns, int stride, float[] values) {

  /** Rows of so many columns, a gap apart, at an offset of the source's choice. */
  static Matrix of(ValueSource source, float[] values, int columns, int gap) {
    return of(LoopsTarget.offset(source), LoopsTarget.offset(source), values, columns, gap);
  }

  private static Matrix of(int before, int after, float[] values, int columns, int gap) {
    int stride = columns + gap;
    int rows = values.length / columns;
    float[] array = Guard.array(before + rows * stride + after);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * columns, array, before + row * stride, columns);
    }
    return new Matrix(array, before, columns, stride, values);
  }

  /** As the loops take them. */
  FloatRows rows() {
    return new FloatRows(array, offset, stride);
  }

  /** The first row for every row. */
  FloatRows firstRow() {
    return new FloatRows(array, offset, 0);
  }

  /** Other values in the same places. */
  Matrix again(float[] other) {
    int rows = other.length / columns;
    return of(offset, array.length - offset - rows * stride, other, columns, stride - columns);
  }

  /** The rows now, without guards. */
  float[] slice() {
    float[] slice = new float[values.length];
    for (int row = 0; row < values.length / columns; row++) {
      System.arraycopy(array, offset + row * stride, slice, row * columns, columns);
    }
    return slice;
  }

  /** Fails if anything was written. */
  void checkUnchanged(String what) {
    Guard.checkUnchanged(what, array, again(values).array, 0, array.length);
  }

  /** Fails if anything but the rows was written. */
  void checkGuards(String what, float[] before) {
    float[] now = array.clone();
    for (int row = 0; row < values.length / columns; row++) {
      int at = offset + row * stride;
      System.arraycopy(before, at, now, at, columns);
    }
    Guard.checkUnchanged("a guard of " + what, now, before, 0, now.length);
  }
}
