package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A range of an array's elements, to copy back on demand. */
public class DataRange {
  private final TornadoNativeArray array;
  private long offset;
  private long size;

  public DataRange(TornadoNativeArray array) {
    this.array = array;
  }

  public DataRange withOffset(long offset) {
    this.offset = offset;
    return this;
  }

  public DataRange withSize(long size) {
    this.size = size;
    return this;
  }

  public TornadoNativeArray getArray() {
    return array;
  }

  /** The first element of the range. */
  int from() {
    return Math.toIntExact(offset);
  }

  /** The number of elements; TornadoVM takes a size of 0, the default, for the whole array. */
  int count() {
    return size == 0 ? array.getSize() : Math.toIntExact(size);
  }
}
