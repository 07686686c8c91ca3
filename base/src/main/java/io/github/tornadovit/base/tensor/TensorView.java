package io.github.tornadovit.base.tensor;

import io.github.tornadovit.base.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * One tensor of a checkpoint: a name, a type, a shape, and a read-only view of its bytes.
 *
 * <p>Nothing is copied until {@link #copyTo} converts elements to float32. The view is valid while
 * the checkpoint that it came from is open; reading it afterwards throws {@link
 * IllegalStateException}. Safe for use by several threads.
 *
 * <p>Elements are little-endian. Strides are in elements; most tensors are contiguous and
 * row-major, but a {@code pytorch_model.bin} may hold transposed or expanded views of its storages.
 */
public final class TensorView {
  private static final ValueLayout.OfShort LE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat LE_FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble LE_DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final String source;
  private final DType dtype;
  private final Shape shape;
  private final long[] strides;
  private final boolean contiguous;
  private final MemorySegment data;

  private TensorView(
      String name, String source, DType dtype, Shape shape, long[] strides, MemorySegment data) {
    this.name = Objects.requireNonNull(name);
    this.source = Objects.requireNonNull(source);
    this.dtype = Objects.requireNonNull(dtype);
    this.shape = Objects.requireNonNull(shape);
    this.strides = strides;
    this.contiguous = isRowMajor(shape, strides);
    this.data = data.asReadOnly();
    long needed = Math.multiplyExact(span(shape, strides), (long) dtype.bytes());
    if (data.byteSize() < needed) {
      throw new IllegalArgumentException(
          "tensor '%s' %s %s needs %d bytes, its segment has %d"
              .formatted(name, dtype, shape, needed, data.byteSize()));
    }
  }

  /**
   * A contiguous row-major tensor.
   *
   * @param source the file that holds it, for messages
   * @param data its bytes, starting at element 0
   * @throws IllegalArgumentException if {@code data} is too short for the shape
   */
  public static TensorView of(
      String name, String source, DType dtype, Shape shape, MemorySegment data) {
    return new TensorView(name, source, dtype, shape, rowMajorStrides(shape), data);
  }

  /**
   * A tensor with explicit strides, in elements and not negative.
   *
   * @param data the bytes from the tensor's first element on
   * @throws IllegalArgumentException if the strides reach beyond {@code data}
   */
  public static TensorView strided(
      String name, String source, DType dtype, Shape shape, long[] strides, MemorySegment data) {
    if (strides.length != shape.rank()) {
      throw new IllegalArgumentException(
          "tensor '%s' has rank %d and %d strides".formatted(name, shape.rank(), strides.length));
    }
    return new TensorView(name, source, dtype, shape, strides.clone(), data);
  }

  /**
   * Some of the rows (of the first axis) as a tensor of their own, by the same name.
   *
   * @param first number of the first
   * @param count how many
   * @throws IndexOutOfBoundsException if the tensor has not so many
   */
  public TensorView rows(long first, long count) {
    Objects.checkFromIndexSize(first, count, shape.extent(0));
    long[] extents = new long[shape.rank()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = axis == 0 ? count : shape.extent(axis);
    }
    MemorySegment part = data.asSlice(count == 0 ? 0 : first * strides[0] * dtype.bytes());
    return new TensorView(name, source, dtype, Shape.of(extents), strides, part);
  }

  /** The tensor's name in its file. */
  public String name() {
    return name;
  }

  /** The name of the file that holds it. */
  public String source() {
    return source;
  }

  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return shape;
  }

  /** Bytes that the elements take in their stored type. */
  public long byteSize() {
    return shape.elements() * dtype.bytes();
  }

  /**
   * Converts a run of elements, in row-major order, to float32. F64 rounds to nearest; F16 and BF16
   * are exact.
   *
   * @param first index of the first element
   * @param count number of elements
   * @param destination receives them from {@code offset} on
   * @throws IndexOutOfBoundsException if the run leaves the tensor or the destination
   * @throws UnsupportedOperationException if the type is not a floating point one
   * @throws IllegalStateException if the checkpoint was closed
   * @throws CheckpointException if the file was cut short since it was opened
   */
  public void copyTo(long first, int count, float[] destination, int offset) {
    Objects.checkFromIndexSize(first, count, shape.elements());
    Objects.checkFromIndexSize(offset, count, destination.length);
    if (!dtype.isFloat()) {
      throw new UnsupportedOperationException(
          "%s: tensor '%s' has type %s, which is not read as float32"
              .formatted(source, name, dtype));
    }
    try {
      convert(first, count, destination, offset);
      if (data.isMapped()) {
        letFaultsArrive();
      }
    } catch (InternalError fault) {
      throw new CheckpointException(
          source,
          "tensor '%s' cannot be read any more: the file was cut short while it was in use, or its"
                  .formatted(name)
              + " disk failed; load the checkpoint again once the file is whole",
          fault);
    } catch (IllegalStateException closed) {
      throw new IllegalStateException(
          "%s: tensor '%s' is read after its checkpoint was closed".formatted(source, name),
          closed);
    }
  }

  private void convert(long first, int count, float[] destination, int offset) {
    if (contiguous && dtype == DType.F32) {
      MemorySegment.copy(data, LE_FLOAT, first * Float.BYTES, destination, offset, count);
    } else {
      for (int i = 0; i < count; i++) {
        destination[offset + i] = element(contiguous ? first + i : locate(first + i));
      }
    }
  }

  /**
   * A page that cannot be read raises its error some time later, when the thread next comes by a
   * safepoint with it; returning from any native method is one. So it is raised here and not in
   * somebody else's code.
   */
  private void letFaultsArrive() {
    boolean _ = Thread.holdsLock(this);
  }

  /** All elements as a new float32 array, row-major. */
  public float[] toArray() {
    float[] values = new float[Math.toIntExact(shape.elements())];
    copyTo(0, values.length, values, 0);
    return values;
  }

  /**
   * Lets the operating system take back the memory in which it keeps the tensor's part of a mapped
   * file, since the tensor will hardly be read again. Reading it stays possible and takes longer
   * once. Does nothing for a tensor that lies in memory.
   *
   * @throws IllegalStateException if the checkpoint was closed
   */
  public void unload() {
    if (data.isMapped() && byteSize() > 0) {
      data.unload();
    }
  }

  private float element(long position) {
    return switch (dtype) {
      case F32 -> data.get(LE_FLOAT, position * Float.BYTES);
      case F16 -> Float.float16ToFloat(data.get(LE_SHORT, position * Short.BYTES));
      case BF16 -> Float.intBitsToFloat(data.get(LE_SHORT, position * Short.BYTES) << 16);
      case F64 -> (float) data.get(LE_DOUBLE, position * Double.BYTES);
      default -> throw new AssertionError(dtype);
    };
  }

  /** Maps a row-major index to the position, in elements, where the strides put it. */
  private long locate(long index) {
    long position = 0;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      position += index % shape.extent(axis) * strides[axis];
      index /= shape.extent(axis);
    }
    return position;
  }

  private static long[] rowMajorStrides(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.extent(axis);
    }
    return strides;
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    long[] expected = rowMajorStrides(shape);
    for (int axis = 0; axis < expected.length; axis++) {
      if (shape.extent(axis) > 1 && strides[axis] != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  /** Elements from the first to one past the last that the strides reach. */
  private static long span(Shape shape, long[] strides) {
    if (shape.elements() == 0) {
      return 0;
    }
    long last = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      if (strides[axis] < 0) {
        throw new IllegalArgumentException("stride " + strides[axis] + " is negative");
      }
      last = Math.addExact(last, Math.multiplyExact(shape.extent(axis) - 1, strides[axis]));
    }
    return Math.addExact(last, 1);
  }

  @Override
  public String toString() {
    return "%s: %s %s %s".formatted(source, name, dtype, shape);
  }
}
