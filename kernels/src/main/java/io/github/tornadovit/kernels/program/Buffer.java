package io.github.tornadovit.kernels.program;

import java.util.Objects;

/**
 * A value of a program: an activation array {@code [B, rows, columns]} float32, row-major; the
 * batch size {@code B} is known only when a program runs. One operation writes it, once; where it
 * lies a backend decides, see {@link io.github.tornadovit.kernels.pass.Storage}.
 *
 * <p>Known by identity: values of one name may be as many as there are blocks.
 */
public final class Buffer {
  private final String name;
  private final int rows;
  private final int columns;

  /**
   * A value that no operation has written yet.
   *
   * @param name for reports and errors
   * @param rows per image, at least 1
   * @param columns at least 1
   */
  public Buffer(String name, int rows, int columns) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "buffer '%s' has %d rows and %d columns, expected at least 1 of each"
              .formatted(name, rows, columns));
    }
    this.name = Objects.requireNonNull(name);
    this.rows = rows;
    this.columns = columns;
  }

  /** For reports and errors. */
  public String name() {
    return name;
  }

  /** Rows per image. */
  public int rows() {
    return rows;
  }

  /** Columns. */
  public int columns() {
    return columns;
  }

  /** Elements per image. */
  public int size() {
    return Math.multiplyExact(rows, columns);
  }

  @Override
  public String toString() {
    return "'%s' [%d, %d]".formatted(name, rows, columns);
  }
}
