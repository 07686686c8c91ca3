package io.github.tornadovit.engine.image.codec;

/**
 * The turning of a picture by EXIF's orientation: where its stored rows and columns come to lie.
 *
 * @param storedWidth columns as stored, in pixels
 * @param storedHeight rows as stored, in pixels
 * @param transposed whether stored rows become columns
 * @param rowsReversed whether the first stored row becomes the last row or column
 * @param columnsReversed whether the first stored column becomes the last column or row
 */
public record Turn(
    int storedWidth,
    int storedHeight,
    boolean transposed,
    boolean rowsReversed,
    boolean columnsReversed) {

  /** The code of a picture that is shown as stored. */
  public static final int NONE = 1;

  /** The turning by a code; none for 1 and for codes that do not exist. */
  public static Turn of(int storedWidth, int storedHeight, int code) {
    boolean known = code >= 2 && code <= 8;
    return new Turn(
        storedWidth,
        storedHeight,
        known && code >= 5,
        known && (code == 3 || code == 4 || code == 6 || code == 7),
        known && (code == 2 || code == 3 || code == 7 || code == 8));
  }

  /** Whether the picture is shown as stored. */
  public boolean isNone() {
    return !transposed && !rowsReversed && !columnsReversed;
  }

  /** Columns of the turned picture. */
  public int width() {
    return transposed ? storedHeight : storedWidth;
  }

  /** Rows of the turned picture. */
  public int height() {
    return transposed ? storedWidth : storedHeight;
  }

  /** The row of the turned picture, or its column if transposed, that a stored row becomes. */
  public int line(int storedRow) {
    return rowsReversed ? storedHeight - 1 - storedRow : storedRow;
  }

  /** Index, in pixels of the turned picture, of the first pixel of a stored row. */
  public int start(int storedRow) {
    int first = columnsReversed ? storedWidth - 1 : 0;
    return transposed ? first * width() + line(storedRow) : line(storedRow) * width() + first;
  }

  /** From one pixel of a stored row to the next, in pixels of the turned picture. */
  public int step() {
    int sign = columnsReversed ? -1 : 1;
    return transposed ? sign * width() : sign;
  }
}
