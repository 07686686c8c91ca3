package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.tensor.TensorView;
import java.util.Map;

/** Reads tensors as loading a model would, a bounded part of each. */
final class Tensors {
  /** A view may repeat a few stored elements into millions. */
  private static final int MAX_ELEMENTS = 4096;

  private Tensors() {}

  /** The first and last elements of every tensor that converts to float32. */
  static void touch(Map<String, TensorView> tensors) {
    float[] values = new float[MAX_ELEMENTS];
    tensors.forEach(
        (name, tensor) -> {
          if (!name.equals(tensor.name())) {
            throw new AssertionError("'%s' holds tensor '%s'".formatted(name, tensor.name()));
          }
          if (tensor.dtype().isFloat()) {
            long elements = tensor.shape().elements();
            int count = (int) Math.min(elements, MAX_ELEMENTS);
            tensor.copyTo(0, count, values, 0);
            tensor.copyTo(elements - count, count, values, 0);
          }
        });
  }
}
