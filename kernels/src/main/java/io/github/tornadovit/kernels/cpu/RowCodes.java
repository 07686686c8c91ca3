package io.github.tornadovit.kernels.cpu;

/**
 * The left factor of a product of coded factors: rows of activations as codes, and how each row is
 * coded, if that differs. One per plan, filled by one operation and read by the same; grows as the
 * operations ask.
 */
public final class RowCodes {
  /** Ints per row in {@link #ends}. */
  public static final int END = 2;

  private byte[] codes = new byte[0];
  private int[] ends = new int[0];
  private int stride;

  /** Room for nothing. */
  public RowCodes() {}

  /**
   * Makes room for so many rows; contents are lost.
   *
   * @param stride bytes from one row to the next
   */
  public void reserve(int rows, int stride) {
    this.stride = stride;
    long bytes = (long) rows * stride;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the codes of %d rows of %d bytes exceed 2^31 - 1 bytes; use a smaller batch"
              .formatted(rows, stride));
    }
    if (codes.length < bytes) {
      codes = new byte[(int) bytes];
    }
    if (ends.length < rows * END) {
      ends = new int[rows * END];
    }
  }

  /** The codes as {@link CodedLoops} wrote them, row after row, {@link #stride} bytes each. */
  public byte[] codes() {
    return codes;
  }

  /** Bytes from one row to the next. */
  public int stride() {
    return stride;
  }

  /** Per row of int8: the code of 0, and the bits of the float scale. */
  public int[] ends() {
    return ends;
  }

  /** Writes down how a row of int8 is coded. */
  public void setEnd(int row, Int8.RowScale scale) {
    ends[row * END] = scale.zero();
    ends[row * END + 1] = Float.floatToRawIntBits(scale.scale());
  }
}
