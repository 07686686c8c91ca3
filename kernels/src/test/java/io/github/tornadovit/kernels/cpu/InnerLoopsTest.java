package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.testing.EveryLoops;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each inner loop by its contract, at odd offsets, between guard values that must stay. */
class InnerLoopsTest {
  private static final float GUARD = 12345;
  private static final int OFFSET = 3;
  private static final int[] COUNTS = {1, 2, 5, 7, 8, 13, 16, 31, 32, 33, 64, 65, 96, 197};

  static Stream<InnerLoops> everyLoops() {
    return EveryLoops.all();
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void multipliesATile(InnerLoops loops) {
    int height = loops.tileRows();
    int width = loops.panelColumns();
    RandomValues values = new RandomValues(1);
    for (int depth : new int[] {0, 1, 2, 7, 64, 197}) {
      for (int rows = 1; rows <= height; rows++) {
        // The last row that is read ends the array: rows beyond must not be touched.
        int aStride = depth + 5;
        float[] a = values.array(OFFSET + (rows - 1) * aStride + depth);
        float[] panel = values.array(OFFSET + depth * width);
        float[] init = values.array(OFFSET + width);
        int cStride = width + 2;
        // So does the last row that is written.
        float[] c = guarded(OFFSET + (rows - 1) * cStride + width);
        float[] expected = c.clone();
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < width; j++) {
            double sum = init[OFFSET + j];
            for (int k = 0; k < depth; k++) {
              int row = OFFSET + i * aStride;
              sum += (double) a[row + k] * panel[OFFSET + k * width + j];
            }
            expected[OFFSET + i * cStride + j] = (float) sum;
          }
        }
        loops.multiplyTile(
            new FloatRows(a, OFFSET, aStride),
            rows,
            new PanelPart(panel, OFFSET, depth, 0),
            new FloatRows(init, OFFSET, 0),
            new FloatRows(c, OFFSET, cStride));
        String what =
            "%s, depth %d, rows %d, %s".formatted(loops.description(), depth, rows, values);
        Tolerance.reduction(depth).check(what, c, expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void continuesATileInPlace(InnerLoops loops) {
    int height = loops.tileRows();
    int width = loops.panelColumns();
    RandomValues values = new RandomValues(2);
    float[] a = values.array(height * 4);
    float[] panel = values.array(4 * width);
    float[] whole = new float[height * width];
    float[] parts = new float[height * width];
    FloatRows left = new FloatRows(a, 0, 4);
    FloatRows zeros = new FloatRows(new float[width], 0, 0);
    FloatRows sums = new FloatRows(parts, 0, width);
    loops.multiplyTile(
        left, height, new PanelPart(panel, 0, 4, 0), zeros, new FloatRows(whole, 0, width));
    loops.multiplyTile(left, height, new PanelPart(panel, 0, 3, 0), sums, sums);
    loops.multiplyTile(left.from(0, 3), height, new PanelPart(panel, 3 * width, 1, 0), sums, sums);
    Tolerance.exact().check(loops.description(), parts, whole);
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void activatesOnlyItsRange(InnerLoops loops) {
    int count = loops.panelColumns();
    float[] x = new float[count + 2 * OFFSET];
    Arrays.fill(x, -1);
    loops.activate(Activation.RELU, x, OFFSET, count);
    for (int i = 0; i < x.length; i++) {
      assertThat(x[i]).isEqualTo(i >= OFFSET && i < OFFSET + count ? 0 : -1);
    }
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void storesRows(InnerLoops loops) {
    RandomValues values = new RandomValues(3);
    int width = loops.panelColumns();
    int yStride = width + 3;
    for (int rows = 1; rows <= 2 * loops.tileRows() + 1; rows++) {
      for (int columns = 1; columns <= width; columns++) {
        for (boolean accumulate : new boolean[] {false, true}) {
          for (int scaleStride : new int[] {-1, 0, width}) {
            boolean scaled = scaleStride >= 0;
            float[] scale =
                values.array(OFFSET + (scaled ? (rows - 1) * scaleStride : 0) + columns);
            float[] x = values.array(OFFSET + (rows - 1) * width + columns);
            float[] y = guarded(OFFSET + (rows - 1) * yStride + columns);
            float[] expected = y.clone();
            for (int i = 0; i < rows; i++) {
              for (int j = OFFSET; j < OFFSET + columns; j++) {
                int at = i * yStride + j;
                y[at] = i - j;
                double factor = scaled ? scale[i * scaleStride + j] : 1;
                expected[at] = (float) (x[i * width + j] * factor + (accumulate ? y[at] : 0));
              }
            }
            loops.storeRows(
                x,
                OFFSET,
                scaled ? new FloatRows(scale, OFFSET, scaleStride) : null,
                accumulate,
                new FloatRows(y, OFFSET, yStride),
                rows,
                columns);
            Tolerance.elementwise().check(loops.description() + ", " + values, y, expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void exponentiates(InnerLoops loops) {
    RandomValues values = new RandomValues(4);
    for (int count : COUNTS) {
      for (float[] bias : new float[][] {null, values.array(OFFSET + count)}) {
        int padded = Panels.padded(count, loops.panelColumns());
        float[] x = guarded(2 * OFFSET + padded);
        System.arraycopy(values.array(count), 0, x, OFFSET, count);
        // Some far below the maximum: exp of them is zero.
        for (int j = 0; j < count; j += 5) {
          x[OFFSET + j] *= 100;
        }
        float[] before = x.clone();
        float[] expected = new float[count];
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
          max = Math.max(max, 3.0 * x[OFFSET + j] + (bias == null ? 0 : bias[OFFSET + j]));
        }
        double sum = 0;
        for (int j = 0; j < count; j++) {
          double score = 3.0 * x[OFFSET + j] + (bias == null ? 0 : bias[OFFSET + j]);
          expected[j] = (float) Math.exp(score - max);
          sum += Math.exp(score - max);
        }
        float got = loops.exponentials(x, OFFSET, count, 3, bias, OFFSET);
        String what = "%s, count %d, %s".formatted(loops.description(), count, values);
        // A score of 300 is rounded to 2e-5, which exp makes a relative error.
        Tolerance tolerance = new Tolerance(1e-6, 5e-5);
        tolerance.check(what, Arrays.copyOfRange(x, OFFSET, OFFSET + count), expected);
        tolerance.check(what + ", sum", new float[] {got}, new float[] {(float) sum});
        assertThat(Arrays.copyOfRange(x, 0, OFFSET))
            .as(what)
            .containsExactly(Arrays.copyOfRange(before, 0, OFFSET));
        assertThat(Arrays.copyOfRange(x, OFFSET + padded, x.length))
            .as(what)
            .containsExactly(Arrays.copyOfRange(before, OFFSET + padded, x.length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void normalises(InnerLoops loops) {
    RandomValues values = new RandomValues(5);
    for (int count : COUNTS) {
      float[] x = values.array(OFFSET + count);
      float[] weight = values.array(count);
      float[] bias = values.array(count);
      float[] y = guarded(2 * OFFSET + count);
      float[] expected = y.clone();
      double mean = 0;
      for (int j = 0; j < count; j++) {
        mean += (double) x[OFFSET + j] / count;
      }
      double variance = 0;
      for (int j = 0; j < count; j++) {
        variance += (x[OFFSET + j] - mean) * (x[OFFSET + j] - mean) / count;
      }
      for (int j = 0; j < count; j++) {
        double normal = (x[OFFSET + j] - mean) / Math.sqrt(variance + 0.01f);
        expected[OFFSET + j] = (float) (normal * weight[j] + bias[j]);
      }
      loops.normalise(x, OFFSET, weight, bias, 0.01f, y, OFFSET, count);
      String what = "%s, count %d, %s".formatted(loops.description(), count, values);
      new Tolerance(2e-6, 0).check(what, y, expected);
    }
  }

  private static float[] guarded(int length) {
    float[] array = new float[length];
    Arrays.fill(array, GUARD);
    return array;
  }
}
