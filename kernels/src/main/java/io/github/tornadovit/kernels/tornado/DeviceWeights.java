package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.collections.VectorFloat16;

/** The weights of a program in the layouts that the kernels read, each made once. */
final class DeviceWeights {
  /** Columns of a packed matrix are padded to a multiple of the largest tile. */
  private static final int TILE = 128;

  /**
   * Rows of a packed matrix (the depth of the product) are padded to a multiple of its longest
   * step.
   */
  private static final int STEP = 16;

  /** Outputs of one panel of a matrix for CPU devices. */
  private static final int PANEL = 16;

  private final Map<List<?>, Object> made = new HashMap<>();
  private final List<Object> arrays = new ArrayList<>();

  /** What is to be put on the device, in the order it was made. */
  Object[] arrays() {
    return arrays.toArray();
  }

  static int padded(int columns) {
    return (columns + TILE - 1) / TILE * TILE;
  }

  /** The values as they are, row-major. */
  FloatArray plain(Weight weight) {
    return made(FloatArray.class, List.of("plain", weight), () -> array(weight.toArray()));
  }

  /** One zero, for a kernel argument that is not read. */
  FloatArray none() {
    return made(FloatArray.class, List.of("none"), () -> array(new float[1]));
  }

  /** {@code scale * bias}, zeros where absent, padded. */
  FloatArray bias(@Nullable Weight bias, @Nullable Weight scale, int columns) {
    return made(
        FloatArray.class,
        List.of("bias", key(bias), key(scale), columns),
        () -> {
          float[] values = new float[padded(columns)];
          if (bias != null) {
            bias.copyRows(0, 1, values, 0);
            scaleRows(values, 1, scale);
          }
          return array(values);
        });
  }

  /** {@code scale * W} transposed: {@code [K, N]}, both padded with zeros. */
  FloatArray transposed(Weight weight, @Nullable Weight scale) {
    return made(
        FloatArray.class,
        List.of("transposed", weight, key(scale)),
        () -> {
          int depth = weight.columns();
          int width = padded(weight.rows());
          FloatArray packed = new FloatArray((depth + STEP - 1) / STEP * STEP * width);
          packed.init(0);
          float[] values = weight.toArray();
          scaleRows(values, depth, scale);
          for (int row = 0; row < weight.rows(); row++) {
            for (int column = 0; column < depth; column++) {
              packed.set(column * width + row, values[row * depth + column]);
            }
          }
          return packed;
        });
  }

  /** {@code scale * W} in panels of 16 outputs: {@code [N / 16][K][16]}, padded with zeros. */
  VectorFloat16 panels(Weight weight, @Nullable Weight scale) {
    return made(
        VectorFloat16.class,
        List.of("panels", weight, key(scale)),
        () -> {
          int depth = weight.columns();
          FloatArray packed = new FloatArray((weight.rows() + PANEL - 1) / PANEL * PANEL * depth);
          packed.init(0);
          float[] values = weight.toArray();
          scaleRows(values, depth, scale);
          for (int row = 0; row < weight.rows(); row++) {
            for (int column = 0; column < depth; column++) {
              packed.set(
                  (row / PANEL * depth + column) * PANEL + row % PANEL,
                  values[row * depth + column]);
            }
          }
          return new VectorFloat16(packed);
        });
  }

  /** Multiplies each row by the scale of its output; a bias is one value per output. */
  private static void scaleRows(float[] values, int columns, @Nullable Weight scale) {
    if (scale != null) {
      float[] factors = scale.toArray();
      for (int row = 0; row < factors.length; row++) {
        for (int column = 0; column < columns; column++) {
          values[row * columns + column] *= factors[row];
        }
      }
    }
  }

  private static Object key(@Nullable Weight weight) {
    return weight == null ? "absent" : weight;
  }

  private <A> A made(Class<A> type, List<?> key, Supplier<A> maker) {
    Object array = made.get(key);
    if (array == null) {
      array = maker.get();
      made.put(key, array);
      arrays.add(array);
    }
    return type.cast(array);
  }

  private static FloatArray array(float[] values) {
    return FloatArray.fromArray(values);
  }
}
