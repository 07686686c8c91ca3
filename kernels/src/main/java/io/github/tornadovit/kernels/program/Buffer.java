package io.github.tornadovit.kernels.program;

/**
 * A named activation array {@code [B, rows, columns]} float32, row-major; the batch size {@code B}
 * is known only when a program runs.
 *
 * <p>Buffers are told apart by identity of name within one {@link Program}.
 *
 * @param name unique in its program
 * @param rows per image, at least 1
 * @param columns at least 1
 */
public record Buffer(String name, int rows, int columns) {
  public Buffer {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "buffer '%s' has %d rows and %d columns, expected at least 1 of each"
              .formatted(name, rows, columns));
    }
  }

  /** Elements per image. */
  public int size() {
    return Math.multiplyExact(rows, columns);
  }
}
