package io.github.tornadovit.engine.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Preprocessed images on their way into a forward pass, with what each of them is. For one thread.
 */
public final class PixelBatch<T> {
  private final int capacity;
  private final List<T> items = new ArrayList<>();
  private float[] pixels = new float[0];

  /**
   * An empty batch.
   *
   * @param capacity images that it takes
   */
  public PixelBatch(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds an image.
   *
   * @param values {@code [C, S, S]}, copied; as many as every other image has
   */
  public void add(T item, float[] values) {
    if (pixels.length == 0) {
      pixels = new float[Math.multiplyExact(capacity, values.length)];
    }
    System.arraycopy(values, 0, pixels, items.size() * values.length, values.length);
    items.add(item);
  }

  /** The images, in the order in which they were added. */
  public List<T> items() {
    return List.copyOf(items);
  }

  /** {@code [images, C, S, S]}, and room for those that are missing; not a copy. */
  public float[] pixels() {
    return pixels;
  }

  /** Images in the batch. */
  public int size() {
    return items.size();
  }

  /** Whether no more image fits. */
  public boolean isFull() {
    return items.size() == capacity;
  }

  /** Empties the batch for the next images. */
  public void clear() {
    items.clear();
  }
}
