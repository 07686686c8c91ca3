package uk.ac.manchester.tornado.api.types.collections;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * An array of vectors of 16 floats. It shares the host memory of the array that it is made of, not
 * its device memory.
 */
public final class VectorFloat16 {
  private static final int WIDTH = 16;

  private final FloatArray array;

  public VectorFloat16(FloatArray array) {
    if (array.getSize() % WIDTH != 0) {
      throw new IllegalArgumentException(
          "an array of " + array.getSize() + " is no array of vectors of " + WIDTH);
    }
    this.array = array;
  }

  public VectorFloat16(int length) {
    this(new FloatArray(WIDTH * length));
  }

  public Float16 get(int index) {
    var vector = new Float16();
    for (int lane = 0; lane < WIDTH; lane++) {
      vector.set(lane, array.get(WIDTH * index + lane));
    }
    return vector;
  }

  public void set(int index, Float16 vector) {
    for (int lane = 0; lane < WIDTH; lane++) {
      array.set(WIDTH * index + lane, vector.get(lane));
    }
  }

  public int getLength() {
    return array.getSize() / WIDTH;
  }

  public int vectorWidth() {
    return WIDTH;
  }

  public FloatArray getArray() {
    return array;
  }
}
