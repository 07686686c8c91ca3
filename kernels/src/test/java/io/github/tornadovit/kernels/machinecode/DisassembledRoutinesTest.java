package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.linear.ReferenceActivation;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The functions of every instruction set, read back by objdump and interpreted: on a machine that
 * has not got it, the evidence that they compute what they should and touch only what they may.
 */
class DisassembledRoutinesTest {
  private static final int[] DEPTHS = {0, 1, 3, 4, 5, 13};
  private static final int[] GAPS = {0, 5};

  private static InterpretedRoutines routines(InstructionSet set) {
    return InterpretedRoutines.of(set);
  }

  private static int width(InstructionSet set) {
    return set.lanes() * set.panelVectors();
  }

  private static float[][] rows(RandomValues values, int rows, int columns) {
    float[][] result = new float[rows][];
    Arrays.setAll(result, row -> values.array(columns));
    return result;
  }

  @ParameterizedTest
  @EnumSource
  void tilesAreProducts(InstructionSet set) {
    RandomValues values = new RandomValues(1);
    int width = width(set);
    for (int depth : DEPTHS) {
      for (int rows = 1; rows <= TileCode.ROWS; rows++) {
        for (int gap : GAPS) {
          for (boolean inPlace : new boolean[] {false, true}) {
            float[][] a = rows(values, rows, depth);
            float[] panel = values.array(depth * width);
            float[] init = inPlace ? null : values.array(width);
            float[][] c = rows(values, rows, width);
            if (depth > 0) {
              a[rows - 1][depth - 1] = Float.NaN;
            }
            float[][] got = routines(set).tile(a, panel, init, c, depth, gap);
            for (int i = 0; i < rows; i++) {
              float[] start = init == null ? c[i] : init;
              String what = "%d rows, row %d, depth %d, %s".formatted(rows, i, depth, values);
              Tolerance.reduction(depth).check(what, got[i], product(a[i], panel, start));
            }
          }
        }
      }
    }
  }

  private static float[] product(float[] a, float[] panel, float[] start) {
    float[] row = new float[start.length];
    for (int j = 0; j < row.length; j++) {
      double sum = start[j];
      for (int k = 0; k < a.length; k++) {
        sum += (double) a[k] * panel[k * row.length + j];
      }
      row[j] = (float) sum;
    }
    return row;
  }

  @ParameterizedTest
  @EnumSource
  void geluIsTheFormula(InstructionSet set) {
    for (int vectors = 1; vectors <= 40; vectors += 13) {
      float[] x = geluArguments(vectors * set.lanes());
      float[] expected = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        expected[i] = (float) ReferenceActivation.apply(Activation.GELU, x[i]);
      }
      float[] got = routines(set).gelu(x, set.lanes());
      assertThat(got[0]).isNaN();
      assertThat(got[1]).isEqualTo(Float.POSITIVE_INFINITY);
      new Tolerance(5e-7, 1e-7).check(vectors + " vectors", got, expected);
    }
  }

  /** NaN, infinities, zeros, far out, and then from -12 to 12. */
  private static float[] geluArguments(int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = 24f * i / count - 12;
    }
    float[] special = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1e30f, -1e30f
    };
    System.arraycopy(special, 0, x, 0, special.length);
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void softmaxIsExponentialsAndTheirSum(InstructionSet set) {
    RandomValues values = new RandomValues(2);
    int lanes = set.lanes();
    for (int padded = 1; padded <= 4; padded++) {
      for (int scored = 0; scored <= padded; scored++) {
        for (boolean biased : new boolean[] {false, true}) {
          float[] x = values.array(padded * lanes);
          float[] bias = biased ? values.array(scored * lanes) : null;
          // Behind the scored ones, as the caller leaves it: a few scores, then nothing.
          Arrays.fill(x, Math.min(scored * lanes + 3, x.length), x.length, -1 / 0f);
          float max = -1 / 0f;
          for (int j = scored * lanes; j < x.length; j++) {
            max = Math.max(max, x[j]);
          }
          // Once the largest is a score in memory, once the argument.
          for (float largest : new float[] {max, 40}) {
            String what =
                "%d of %d, bias %s, %s".formatted(scored, padded, biased, values.toString());
            checkSoftmax(set, what, x, bias, scored, largest);
          }
        }
      }
    }
  }

  private static void checkSoftmax(
      InstructionSet set, String what, float[] x, float @Nullable [] bias, int scored, float max) {
    double[] scores = new double[x.length];
    double largest = max;
    for (int j = 0; j < x.length; j++) {
      boolean whole = j < scored * set.lanes();
      scores[j] = whole ? 30.0 * x[j] + (bias == null ? 0 : bias[j]) : x[j];
      largest = Math.max(largest, scores[j]);
    }
    float[] expected = new float[x.length + 1];
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      expected[j] = (float) Math.exp(scores[j] - largest);
      sum += Math.exp(scores[j] - largest);
    }
    expected[x.length] = (float) sum;
    float[] got = routines(set).softmax(x, bias, scored, set.lanes(), 30, max);
    // A score of 30 is rounded to 2e-6, which exp makes a relative error.
    new Tolerance(1e-30, 8e-6).check(what, got, expected);
  }

  @ParameterizedTest
  @EnumSource
  void softmaxOfNanIsNan(InstructionSet set) {
    int lanes = set.lanes();
    for (int at = 0; at < 2 * lanes; at++) {
      for (boolean biased : new boolean[] {false, true}) {
        float[] x = new RandomValues(3).array(2 * lanes);
        float[] bias = biased ? new float[2 * lanes] : null;
        x[3] = 5;
        x[at] = Float.NaN;
        float[] got = routines(set).softmax(x, bias, 2, lanes, 1, 4);
        // The others as if it were not there.
        float largest = at == 3 ? 4 : 5;
        float[] expected = new float[2 * lanes];
        for (int j = 0; j < x.length; j++) {
          expected[j] = (float) Math.exp((double) x[j] - largest);
        }
        new Tolerance(0, 1e-6).check("NaN at " + at, Arrays.copyOf(got, x.length), expected);
        assertThat(got[2 * lanes]).as("the sum").isNaN();
      }
    }
    float[] all = new float[lanes];
    Arrays.fill(all, Float.NaN);
    assertThat(routines(set).softmax(all, null, 1, lanes, 1, -1 / 0f)).containsOnly(Float.NaN);
  }

  @ParameterizedTest
  @EnumSource
  void normalisesByMeanAndVariance(InstructionSet set) {
    RandomValues values = new RandomValues(4);
    for (int vectors = 1; vectors <= 4; vectors++) {
      int count = vectors * set.lanes();
      float[] x = values.array(count);
      float[] weight = values.array(count);
      float[] bias = values.array(count);
      double mean = 0;
      for (float value : x) {
        mean += (double) value / count;
      }
      double variance = 0;
      for (float value : x) {
        variance += (value - mean) * (value - mean) / count;
      }
      float[] expected = new float[count];
      for (int j = 0; j < count; j++) {
        expected[j] = (float) ((x[j] - mean) / Math.sqrt(variance + 0.01f) * weight[j] + bias[j]);
      }
      String what = "%d vectors, %s".formatted(vectors, values);
      InterpretedRoutines routines = routines(set);
      Tolerance tolerance = new Tolerance(2e-6, 0);
      tolerance.check(what, routines.normalise(x, weight, bias, set.lanes(), 0.01f), expected);
      tolerance.check(
          what, routines.normaliseInPlace(x, weight, bias, set.lanes(), 0.01f), expected);
      x[count - 1] = Float.NaN;
      assertThat(routines.normalise(x, weight, bias, set.lanes(), 0.01f)).containsOnly(Float.NaN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesScaledAndAdded(InstructionSet set) {
    RandomValues values = new RandomValues(5);
    int width = width(set);
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      for (int gap : GAPS) {
        for (int scales : new int[] {0, 1, rows}) {
          for (boolean accumulate : new boolean[] {false, true}) {
            float[] x = values.array(rows * width);
            x[rows * width - 1] = Float.NaN;
            float[][] scale = scales == 0 ? null : rows(values, scales, width);
            float[][] y = rows(values, rows, width);
            float[][] got = routines(set).store(x, scale, accumulate, y, gap);
            for (int i = 0; i < rows; i++) {
              float[] expected = new float[width];
              for (int j = 0; j < width; j++) {
                double product =
                    (double) x[i * width + j] * (scale == null ? 1 : scale[i % scales][j]);
                expected[j] = (float) (accumulate ? y[i][j] + product : product);
              }
              String what = "row %d of %d, %d scales, %s".formatted(i, rows, scales, values);
              Tolerance.elementwise().check(what, got[i], expected);
            }
          }
        }
      }
    }
  }

  /** Where the processor has the instructions: what it computes, bit for bit. */
  @ParameterizedTest
  @EnumSource
  void theProcessorComputesTheSame(InstructionSet set) {
    assumeTrue(ThisMachine.has(set), "this machine cannot run " + set.label());
    MachineLoops loops = new MachineLoops(set, Set.of(), new ScalarLoops());
    RandomValues values = new RandomValues(6);
    int width = width(set);
    int lanes = set.lanes();
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      for (int depth : DEPTHS) {
        float[][] a = rows(values, rows, depth);
        float[] panel = values.array(depth * width);
        float[] init = values.array(width);
        float[] c = new float[rows * width];
        loops.multiplyTile(
            new FloatRows(flat(a), 0, depth),
            rows,
            new PanelPart(panel, 0, depth, 0),
            new FloatRows(init, 0, 0),
            new FloatRows(c, 0, width));
        float[][] got = routines(set).tile(a, panel, init, new float[rows][width], depth, 0);
        same("tile", flat(got), c);
      }
      for (int scales : new int[] {0, 1, rows}) {
        for (boolean accumulate : new boolean[] {false, true}) {
          float[] x = values.array(rows * width);
          float[][] scale = scales == 0 ? null : rows(values, scales, width);
          float[][] y = rows(values, rows, width);
          float[] stored = flat(y);
          loops.storeRows(
              x,
              0,
              scale == null ? null : new FloatRows(flat(scale), 0, scales > 1 ? width : 0),
              accumulate,
              new FloatRows(stored, 0, width),
              rows,
              width);
          same("store", flat(routines(set).store(x, scale, accumulate, y, 0)), stored);
        }
      }
    }
    float[] x = geluArguments(40 * lanes);
    float[] active = x.clone();
    loops.activate(Activation.GELU, active, 0, x.length);
    same("gelu", routines(set).gelu(x, lanes), active);
    for (int count = 1; count <= 3 * lanes; count++) {
      for (boolean biased : new boolean[] {false, true}) {
        softmaxIsTheSame(set, loops, values, count, biased, false);
        softmaxIsTheSame(set, loops, values, count, biased, true);
      }
    }
    for (int count = lanes; count <= 4 * lanes; count += lanes) {
      float[] row = values.array(count);
      float[] weight = values.array(count);
      float[] bias = values.array(count);
      float[] y = new float[count];
      loops.normalise(row, 0, weight, bias, 0.01f, y, 0, count);
      same("normalise", routines(set).normalise(row, weight, bias, lanes, 0.01f), y);
    }
  }

  private static void softmaxIsTheSame(
      InstructionSet set,
      MachineLoops loops,
      RandomValues values,
      int count,
      boolean biased,
      boolean nan) {
    int lanes = set.lanes();
    int scored = count / lanes;
    float[] x = values.array(Math.ceilDiv(count, lanes) * lanes);
    x[0] = nan ? Float.NaN : x[0];
    float[] bias = biased ? values.array(count) : null;
    float[] actual = Arrays.copyOf(x, x.length + 1);
    actual[x.length] = loops.exponentials(actual, 0, count, 3, bias, 0);
    // What fills no vector comes with its scores.
    float max = -1 / 0f;
    for (int j = scored * lanes; j < x.length; j++) {
      x[j] = j < count ? x[j] * 3 + (bias == null ? 0 : bias[j]) : -1 / 0f;
      max = x[j] > max ? x[j] : max;
    }
    float[] whole = bias == null ? null : Arrays.copyOf(bias, scored * lanes);
    same("softmax", routines(set).softmax(x, whole, scored, lanes, 3, max), actual);
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }

  /** Bit for bit, but any NaN is as good as another. */
  private static void same(String what, float[] interpreted, float[] actual) {
    assertThat(interpreted).hasSameSizeAs(actual);
    for (int i = 0; i < actual.length; i++) {
      assertThat(Float.floatToIntBits(interpreted[i]))
          .as("%s at %d: interpreted %s, computed %s", what, i, interpreted[i], actual[i])
          .isEqualTo(Float.floatToIntBits(actual[i]));
    }
  }
}
