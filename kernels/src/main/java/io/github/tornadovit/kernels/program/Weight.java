package io.github.tornadovit.kernels.program;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import java.util.List;
import java.util.Objects;

/**
 * A constant matrix {@code [rows, columns]} float32 of a program: a checkpoint tensor, several of
 * them stacked, or values computed at load. A vector is a matrix of one row.
 *
 * <p>Reading converts and copies; a backend reads each weight once, into the layout that it wants,
 * and recognises a weight that several programs share by its identity.
 */
public final class Weight {
  private final String name;
  private final int rows;
  private final int columns;
  private final RowReader reader;
  private final Runnable unloader;

  private Weight(String name, int rows, int columns, Runnable unloader, RowReader reader) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "weight '%s' is [%d, %d], expected at least 1 row and 1 column"
              .formatted(name, rows, columns));
    }
    this.name = Objects.requireNonNull(name);
    this.rows = rows;
    this.columns = columns;
    this.reader = reader;
    this.unloader = unloader;
  }

  private interface RowReader {
    void read(int firstRow, int count, float[] destination, int offset);
  }

  /** A checkpoint tensor of any rank, read as {@code [rows, columns]}; not copied. */
  public static Weight of(TensorView tensor, int rows, int columns) {
    Shape shape = tensor.shape();
    if (shape.elements() != (long) rows * columns) {
      throw new IllegalArgumentException(
          "tensor '%s' has shape %s, which is not %d x %d elements"
              .formatted(tensor.name(), shape, rows, columns));
    }
    return new Weight(
        tensor.name(),
        rows,
        columns,
        tensor::unload,
        (firstRow, count, destination, offset) ->
            tensor.copyTo((long) firstRow * columns, count * columns, destination, offset));
  }

  /** A vector: a checkpoint tensor of any rank read as one row; not copied. */
  public static Weight vector(TensorView tensor) {
    return of(tensor, 1, Math.toIntExact(tensor.shape().elements()));
  }

  /** Values computed at load; kept, not copied. */
  public static Weight of(String name, int rows, int columns, float[] values) {
    if (values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "weight '%s' has %d values, expected %d x %d"
              .formatted(name, values.length, rows, columns));
    }
    return new Weight(
        name,
        rows,
        columns,
        () -> {},
        (firstRow, count, destination, offset) ->
            System.arraycopy(values, firstRow * columns, destination, offset, count * columns));
  }

  /** Weights of equal width, one below the other. */
  public static Weight stackRows(String name, List<Weight> parts) {
    int columns = parts.getFirst().columns;
    int rows = 0;
    for (Weight part : parts) {
      if (part.columns != columns) {
        throw new IllegalArgumentException(
            "weight '%s': part '%s' has %d columns, expected %d"
                .formatted(name, part.name, part.columns, columns));
      }
      rows += part.rows;
    }
    List<Weight> stacked = List.copyOf(parts);
    return new Weight(
        name,
        rows,
        columns,
        () -> stacked.forEach(Weight::unload),
        (firstRow, count, destination, offset) -> {
          int start = 0;
          for (Weight part : stacked) {
            int from = Math.max(firstRow, start);
            int to = Math.min(firstRow + count, start + part.rows);
            if (from < to) {
              part.reader.read(
                  from - start, to - from, destination, offset + (from - firstRow) * columns);
            }
            start += part.rows;
          }
        });
  }

  /** Vectors one after the other, as one row. */
  public static Weight concatenate(String name, List<Weight> parts) {
    int columns = 0;
    for (Weight part : parts) {
      if (part.rows != 1) {
        throw new IllegalArgumentException(
            "weight '%s': part '%s' has %d rows, expected 1".formatted(name, part.name, part.rows));
      }
      columns += part.columns;
    }
    List<Weight> joined = List.copyOf(parts);
    return new Weight(
        name,
        1,
        columns,
        () -> joined.forEach(Weight::unload),
        (firstRow, count, destination, offset) -> {
          int start = offset;
          for (Weight part : joined) {
            part.reader.read(0, 1, destination, start);
            start += part.columns;
          }
        });
  }

  /** This weight with every column multiplied by a factor; it is read anew each time. */
  public Weight timesColumns(float[] factors) {
    return new Weight(
        name,
        rows,
        columns,
        unloader,
        (firstRow, count, destination, offset) -> {
          reader.read(firstRow, count, destination, offset);
          for (int row = 0; row < count; row++) {
            int start = offset + row * columns;
            for (int column = 0; column < columns; column++) {
              destination[start + column] *= factors[column];
            }
          }
        });
  }

  public String name() {
    return name;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /**
   * Copies whole rows, row-major.
   *
   * @throws IndexOutOfBoundsException if the rows or the destination do not reach
   */
  public void copyRows(int firstRow, int count, float[] destination, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows);
    Objects.checkFromIndexSize(offset, count * columns, destination.length);
    if (count > 0) {
      reader.read(firstRow, count, destination, offset);
    }
  }

  /** All values as a new array, row-major. */
  public float[] toArray() {
    float[] values = new float[Math.multiplyExact(rows, columns)];
    copyRows(0, rows, values, 0);
    return values;
  }

  /**
   * Says that the values were copied and will hardly be read again: what a mapped file keeps of
   * them in memory may go, see {@link TensorView#unload}. They can still be read.
   */
  public void unload() {
    unloader.run();
  }

  @Override
  public String toString() {
    return "%s [%d, %d]".formatted(name, rows, columns);
  }
}
