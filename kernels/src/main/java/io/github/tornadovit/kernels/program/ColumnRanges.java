package io.github.tornadovit.kernels.program;

/**
 * What each column of a value is expected to reach in size, from weights alone. An estimate: values
 * beyond it cost accuracy of int8, never a wrong result.
 */
@FunctionalInterface
public interface ColumnRanges {

  /** One value per column, computed when it is asked for; not to be changed. */
  float[] values();
}
