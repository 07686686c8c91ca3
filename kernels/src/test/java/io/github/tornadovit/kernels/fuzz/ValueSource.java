package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;

/** The arrays of one case, in the order in which it asks for them. */
final class ValueSource {
  private final Values values;
  private final Random random;
  private final List<float[]> made = new ArrayList<>();

  ValueSource(Values values, long seed) {
    this.values = values;
    this.random = new Random(seed);
  }

  /** For what is no array: constants of an operation, offsets. */
  Random random() {
    return random;
  }

  /** Activations. */
  float[] activations(int rows, int columns) {
    return mixed(rows, columns, column -> true);
  }

  /** Activations in some columns, factors in the others. */
  float[] mixed(int rows, int columns, IntPredicate activation) {
    float[] array = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < array.length; i++) {
      int column = i % columns;
      if (values == Values.EQUAL_ROWS && i >= columns) {
        array[i] = array[i - columns];
      } else if (values == Values.CONSTANT_ROWS && column > 0) {
        array[i] = array[i - 1];
      } else {
        array[i] = activation.test(column) ? values.activation(random) : values.factor(random);
      }
    }
    made.add(array);
    return array;
  }

  /** What activations are multiplied by. */
  float[] factors(int rows, int columns) {
    float[] array = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.factor(random);
    }
    made.add(array);
    return array;
  }

  /** A weight that activations are multiplied by. */
  Weight factor(String name, int rows, int columns) {
    return Weight.of(name, rows, columns, factors(rows, columns));
  }

  /** A weight that is added to activations. */
  Weight summand(String name, int rows, int columns) {
    return Weight.of(name, rows, columns, activations(rows, columns));
  }

  /** Puts the odd value of the distribution somewhere into what was made. */
  void plant() {
    float odd = values.odd(random);
    if (odd != 0 && !made.isEmpty()) {
      float[] array = made.get(random.nextInt(made.size()));
      array[random.nextInt(array.length)] = odd;
    }
  }
}
