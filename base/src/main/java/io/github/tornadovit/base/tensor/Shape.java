package io.github.tornadovit.base.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first. Immutable; a scalar has rank 0 and one element.
 *
 * <p>Prints as {@code [768, 512]}.
 */
public final class Shape {
  private final long[] extents;
  private final long elements;

  private Shape(long[] extents) {
    this.extents = extents;
    long product = 1;
    for (long extent : extents) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "extent " + extent + " in " + Arrays.toString(extents) + " is negative");
      }
      product = Math.multiplyExact(product, extent);
    }
    this.elements = product;
  }

  /**
   * A shape with the given extents.
   *
   * @throws IllegalArgumentException if an extent is negative
   * @throws ArithmeticException if the number of elements overflows a long
   */
  public static Shape of(long... extents) {
    return new Shape(extents.clone());
  }

  /** Number of axes. */
  public int rank() {
    return extents.length;
  }

  /** Extent of one axis, 0 being the outermost. */
  public long extent(int axis) {
    return extents[axis];
  }

  /** Number of elements: the product of the extents. */
  public long elements() {
    return elements;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return Arrays.toString(extents);
  }
}
