package io.github.tornadovit.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * The left factor of a product of coded factors: rows of activations as codes, and how each row is
 * coded, if that differs. They are a value of a program, see {@link CodedValues}, or what one
 * operation makes of a value for itself, in room that all operations of a plan share and that grows
 * as they ask. They lie on whole {@link CacheLines}.
 */
public final class RowCodes {
  /** Ints per row in {@link #ends}. */
  public static final int END = 2;

  private MemorySegment codes = MemorySegment.NULL;
  private int[] ends = new int[0];
  private int stride;

  /** Room for nothing. */
  public RowCodes() {}

  /**
   * Rows in memory that is there, of codes without ends.
   *
   * @param codes from a whole cache line on
   * @param stride bytes from one row to the next
   */
  public RowCodes(MemorySegment codes, int stride) {
    this(codes, stride, new int[0]);
  }

  /** The same with room for their ends. */
  RowCodes(MemorySegment codes, int stride, int[] ends) {
    this.codes = codes;
    this.stride = stride;
    this.ends = ends;
  }

  /**
   * Bytes from one row of so many to the next: an odd number of cache lines, because those of one
   * tile would share few sets of the first level cache otherwise.
   */
  static int stride(int rowBytes) {
    return (Math.ceilDiv(rowBytes, CacheLines.BYTES) | 1) * CacheLines.BYTES;
  }

  /** All rows, from a place in each on. */
  public RowCodes from(long byteOffset) {
    return new RowCodes(codes.asSlice(byteOffset), stride);
  }

  /**
   * Makes room for so many rows; contents are lost.
   *
   * @param rowBytes of a row
   */
  public void reserve(int rows, int rowBytes) {
    stride = stride(rowBytes);
    long bytes = (long) rows * stride;
    if (codes.byteSize() < bytes) {
      codes = CacheLines.room(bytes);
    }
    if (ends.length < rows * END) {
      ends = new int[rows * END];
    }
  }

  /** The codes as {@link CodedLoops} wrote them, row after row, {@link #stride} bytes each. */
  public MemorySegment codes() {
    return codes;
  }

  /** Where the codes of a row begin. */
  public long start(int row) {
    return (long) row * stride;
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
