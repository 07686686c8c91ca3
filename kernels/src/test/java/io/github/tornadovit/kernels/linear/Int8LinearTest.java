package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Linear} in int8: like its reference on every kind of loops, which agree bit by bit. */
class Int8LinearTest {
  private static List<CpuBackend> cpus() {
    return TestBackends.all().stream()
        .filter(CpuBackend.class::isInstance)
        .map(CpuBackend.class::cast)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "7,5,3",
    "6,7,96",
    "13,13,97",
    "17,33,40",
    "70,24,5",
    "197,192,96",
    "3,3072,40"
  })
  void givesTheSameBitsOnEveryLoops(int rows, int k, int n) {
    RandomValues values = new RandomValues(31 * rows + 7 * k + n);
    for (int bits = 0; bits < 6; bits++) {
      Weight bias = bits % 2 == 0 ? null : values.vector(n);
      Epilogue epilogue =
          switch (bits / 2) {
            case 0 -> Epilogue.NONE;
            case 1 -> new Epilogue.Residual(new Buffer("added", rows, n), null);
            default -> new Epilogue.Residual(new Buffer("added", rows, n), values.vector(n));
          };
      boolean adds = epilogue instanceof Epilogue.Residual;
      Program program = program(rows, values.weight(n, k), bias, epilogue);
      float[] x = values.array(3 * rows * k);
      float @Nullable [] first = null;
      for (Backend cpu : cpus()) {
        float[] y = run(cpu, program, x);
        String what = "%s, %s, variant %d".formatted(cpu.device(Precision.INT8), values, bits);
        // What is added to is itself a product in float32.
        Tolerance rounding = adds ? Tolerance.reduction(k) : new Tolerance(1e-6, 4e-7);
        rounding.check(what, y, run(TestBackends.reference(), program, x));
        // Scaling may be fused with adding, or not.
        if (!adds) {
          first = first == null ? y : first;
          assertThat(y).as(what).isEqualTo(first);
        }
      }
    }
  }

  /** Columns 64 times as large as the others, and a weight that makes up for it. */
  @Test
  void aFewLargeColumnsAreSharedWithTheWeight() {
    RandomValues values = new RandomValues(6);
    int k = 301;
    float[] ranges = new float[k];
    float[] inverse = new float[k];
    for (int column = 0; column < k; column++) {
      ranges[column] = column % 40 == 3 ? 64 : 1;
      inverse[column] = 1 / ranges[column];
    }
    Weight w = values.weight(29, k).timesColumns(inverse);
    float[] x = values.array(23 * k);
    for (int i = 0; i < x.length; i++) {
      x[i] *= ranges[i % k];
    }
    float[] exact = run(TestBackends.reference(), program(23, new Matrix(w, Precision.F32)), x);
    Program plain = program(23, new Matrix(w, Precision.INT8));
    Program smooth = program(23, new Matrix(w, Precision.INT8, () -> ranges));
    float[] expected = run(TestBackends.reference(), smooth, x);
    assertThat(distance(run(TestBackends.reference(), plain, x), exact)).isGreaterThan(0.04);
    assertThat(distance(expected, exact)).isLessThan(0.01);
    float @Nullable [] first = null;
    for (Backend cpu : cpus()) {
      float[] y = run(cpu, smooth, x);
      new Tolerance(1e-6, 4e-7).check(cpu.device() + " smoothed", y, expected);
      first = first == null ? y : first;
      assertThat(y).as(cpu.device().toString()).isEqualTo(first);
    }
  }

  @Test
  void aSmoothedRowThatIsNotFiniteIsNaNAndNoOther() {
    RandomValues values = new RandomValues(7);
    float[] ranges = new float[19];
    Arrays.fill(ranges, 1);
    ranges[4] = 1000;
    Program program = program(3, new Matrix(values.weight(5, 19), Precision.INT8, () -> ranges));
    float[] x = values.array(3 * 19);
    x[19 + 4] = Float.NEGATIVE_INFINITY;
    for (Backend backend : TestBackends.all().stream().filter(Int8LinearTest::hasInt8).toList()) {
      float[] y = run(backend, program, x);
      for (int i = 0; i < y.length; i++) {
        assertThat(Float.isNaN(y[i])).as("%s, %d", backend.device(), i).isEqualTo(i / 5 == 1);
      }
    }
  }

  @Test
  void activatesWhatItMultiplied() {
    RandomValues values = new RandomValues(2);
    for (Activation activation : Activation.values()) {
      Program program =
          program(9, values.weight(37, 11), values.vector(37), new Epilogue.Activate(activation));
      float[] x = values.array(9 * 11);
      for (Backend cpu : cpus()) {
        new Tolerance(2e-6, 2e-6)
            .check(
                cpu.device() + " " + activation,
                run(cpu, program, x),
                run(TestBackends.reference(), program, x));
      }
    }
  }

  @Test
  void aRowThatIsNotFiniteIsNaNAndNoOther() {
    RandomValues values = new RandomValues(3);
    Program program = program(4, values.weight(5, 19), null, Epilogue.NONE);
    float[] x = values.array(4 * 19);
    x[19] = Float.NaN;
    x[2 * 19 + 18] = Float.POSITIVE_INFINITY;
    for (Backend backend : TestBackends.all().stream().filter(Int8LinearTest::hasInt8).toList()) {
      float[] y = run(backend, program, x);
      for (int i = 0; i < y.length; i++) {
        assertThat(Float.isNaN(y[i]))
            .as("%s, %d", backend.device(), i)
            .isEqualTo(i / 5 == 1 || i / 5 == 2);
      }
    }
  }

  private static boolean hasInt8(Backend backend) {
    return backend instanceof CpuBackend || backend == TestBackends.reference();
  }

  @Test
  void differsLittleFromFloat32() {
    RandomValues values = new RandomValues(4);
    Program int8 = program(20, values.weight(30, 768), null, Epilogue.NONE);
    Program f32 = int8.replacing((section, operation) -> ((Linear) operation).in(Precision.F32));
    float[] x = values.array(20 * 768);
    float[] exact = run(TestBackends.reference(), f32, x);
    float[] y = run(TestBackends.reference(), int8, x);
    // Uniform values in 256 steps: an error of 1 / (256 sqrt(3)) of each, of either factor.
    assertThat(distance(y, exact)).isBetween(1e-3, 8e-3);
  }

  @Test
  void devicesOfTornadoVmRefuse() {
    RandomValues values = new RandomValues(5);
    Program program = program(2, values.weight(3, 4), null, Epilogue.NONE);
    TestBackends.all().stream()
        .filter(backend -> !hasInt8(backend))
        .forEach(
            device ->
                assertThatThrownBy(() -> device.plan(program, 1))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("no kernel multiplies in int8"));
  }

  @Test
  void aRowTooLongForExactSumsIsRefused() {
    Weight wide = Weight.of("wide", 1, 70_000, new float[70_000]);
    assertThatThrownBy(() -> new Matrix(wide, Precision.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wide")
        .hasMessageContaining("use f32");
  }

  /** Relative, of all elements. */
  private static double distance(float[] y, float[] exact) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < y.length; i++) {
      error += Math.pow(y[i] - exact[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(error / size);
  }

  private static float[] run(Backend backend, Program program, float[] x) {
    int batch = x.length / program.input().size();
    try (Plan plan = backend.plan(program, batch)) {
      return plan.run(x, batch).of(program.outputs().getFirst());
    }
  }

  private static Program program(int rows, Weight w, @Nullable Weight bias, Epilogue epilogue) {
    Buffer x = new Buffer("x", rows, w.columns());
    Buffer y = new Buffer("y", rows, w.rows());
    Program.Builder builder = new Program.Builder(x);
    if (epilogue instanceof Epilogue.Residual(Buffer added, _)) {
      builder.then(Linear.of(x, w, null, added));
    }
    Matrix matrix = new Matrix(w, Precision.INT8);
    return builder.then(new Linear(x, matrix, bias, epilogue, y)).output(y).build();
  }

  private static Program program(int rows, Matrix matrix) {
    Buffer x = new Buffer("x", rows, matrix.columns());
    Buffer y = new Buffer("y", rows, matrix.rows());
    Linear linear = new Linear(x, matrix, null, Epilogue.NONE, y);
    return new Program.Builder(x).then(linear).output(y).build();
  }
}
