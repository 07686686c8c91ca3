package io.github.tornadovit.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The left factor of a product of coded factors: rows of activations as codes, and how each row is
 * coded, if that differs. One per plan, filled by one operation and read by the same; grows as the
 * operations ask.
 *
 * <p>The codes lie outside the heap, on whole cache lines: a row of a tile register that begins in
 * the middle of one costs two loads, and an array of the heap may begin anywhere.
 */
public final class RowCodes {
  /** Ints per row in {@link #ends}. */
  public static final int END = 2;

  private static final long CACHE_LINE = 64;

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

  /** Room for so many bytes. */
  static MemorySegment room(long bytes) {
    return Arena.ofAuto().allocate(bytes, CACHE_LINE);
  }

  /**
   * Bytes from one row of so many to the next: an odd number of cache lines, because those of one
   * tile would share few sets of the first level cache otherwise.
   */
  static int stride(int rowBytes) {
    return (int) ((Math.ceilDiv(rowBytes, CACHE_LINE) | 1) * CACHE_LINE);
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
      codes = room(bytes);
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
