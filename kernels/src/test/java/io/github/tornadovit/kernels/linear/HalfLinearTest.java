package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Linear} in f16: the devices that have it like its reference, the others refused. */
class HalfLinearTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "7,5,3", "16,16,8", "17,33,40", "70,50,100", "130,40,132"})
  void likeItsReference(int rows, int k, int n) {
    RandomValues values = new RandomValues(31 * rows + 7 * k + n);
    Buffer added = new Buffer("added", rows, n);
    for (Epilogue epilogue :
        List.of(
            new Epilogue.Activate(Activation.GELU),
            new Epilogue.Residual(added, null),
            new Epilogue.Residual(added, values.vector(n)))) {
      for (Weight bias : Arrays.asList(null, values.vector(n))) {
        agrees(program(rows, values.weight(n, k), bias, epilogue, values), values, k);
      }
    }
  }

  @Test
  void depthOfAModel() {
    RandomValues values = new RandomValues(3);
    Weight w = values.weight(70, 768);
    agrees(program(5, w, values.vector(70), Epilogue.NONE, values), values, 768);
  }

  @Test
  void nanAndInfinityStayInTheirRows() {
    RandomValues values = new RandomValues(5);
    Program program = program(5, values.weight(9, 7), null, Epilogue.NONE, values);
    float[] x = values.array(5 * 7);
    x[7] = Float.NaN;
    x[20] = 70_000; // Beyond float16: infinite as a factor.
    agrees(program, x, "non-finite, " + values, 7);
    float[] y = run(TestBackends.reference(), program, x);
    assertThat(Arrays.copyOfRange(y, 9, 18)).containsOnly(Float.NaN);
    for (float value : Arrays.copyOfRange(y, 18, 27)) {
      assertThat(Float.isInfinite(value)).isTrue();
    }
  }

  /** An operation on a value, with its output. */
  private interface Writer {
    Operation writing(Buffer x, Buffer y);
  }

  /** What writes a value as float16 rounds as the kernel does that comes before a product else. */
  @ParameterizedTest
  @CsvSource({"1,1", "5,3", "67,18", "130,40"})
  void whatIsWrittenAsFloat16IsTheSameNumber(int rows, int columns) {
    RandomValues values = new RandomValues(rows);
    Weight vector = values.vector(columns);
    Weight square = values.weight(columns, columns);
    Map<Writer, Integer> writers = new LinkedHashMap<>();
    writers.put((x, y) -> new LayerNorm(x, vector, vector, 1e-6f, y), columns);
    writers.put((x, y) -> new Gate(x, Activation.SILU, y), 2 * columns);
    writers.put((x, y) -> new Attention(x, 1, 0.3f, null, y), 3 * columns);
    writers.put((x, y) -> new SelectTokens(x, 0, y), columns);
    writers.put((x, y) -> new MeanTokens(x, rows - 1, y), columns);
    writers.put(
        (x, y) -> Linear.activated(x, square, vector, Activation.GELU, y).in(Precision.F16),
        columns);
    writers.put(
        (x, y) -> Linear.residual(x, x, square, null, vector, y).in(Precision.F16), columns);
    Weight w = values.weight(7, columns);
    writers.forEach(
        (writer, width) -> {
          Buffer x = new Buffer("x", rows, width);
          Buffer between = new Buffer("between", rows, columns);
          Buffer y = new Buffer("y", rows, 7);
          Program.Builder program =
              new Program.Builder(x)
                  .then(writer.writing(x, between))
                  .then(new Linear(between, new Matrix(w, Precision.F16), null, Epilogue.NONE, y))
                  .output(y);
          Program fused = program.build();
          assertThat(Codings.halves(fused)).containsExactly(between);
          Program apart = program.output(between).build(); // An output stays float32.
          assertThat(Codings.halves(apart)).isEmpty();
          float[] input = values.array(x.size());
          devicesWithIt()
              .forEach(
                  backend ->
                      assertThat(run(backend, fused, input))
                          .as(fused.operations().toString())
                          .containsExactly(run(backend, apart, input)));
        });
  }

  @Test
  void referenceRoundsBothFactorsAndNothingElse() {
    Buffer x = new Buffer("x", 1, 1);
    Buffer y = new Buffer("y", 1, 1);
    float third = 1 / 3f;
    Weight w = Weight.of("w", 1, 1, new float[] {third});
    Weight bias = Weight.of("b", 1, 1, new float[] {third});
    Program program =
        new Program.Builder(x)
            .then(new Linear(x, new Matrix(w, Precision.F16), bias, Epilogue.NONE, y))
            .output(y)
            .build();
    float rounded = 1365f / 4096; // A third in 11 bits.
    assertThat(Agreement.reference(program, third))
        .containsExactly((float) ((double) rounded * rounded + third));
  }

  @Test
  void weightsBeyondFloat16AreRefusedByName() {
    RandomValues values = new RandomValues(6);
    Weight w = Weight.of("block.fc1", 2, 3, new float[] {1, 2, 3, 4, -65_505, 6});
    Program program = program(2, w, null, Epilogue.NONE, values);
    for (Backend backend : devicesWithIt().toList()) {
      assertThatThrownBy(() -> backend.plan(program, 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("block.fc1 [2, 3] holds -65505.0 at [1, 1]")
          .hasMessageContaining("65504, the largest float16; use precision f32");
    }
  }

  @Test
  void whereThereIsNoneItIsSaid() {
    RandomValues values = new RandomValues(7);
    Program program = program(2, values.weight(3, 4), null, Epilogue.NONE, values);
    try (CpuBackend cpu = new CpuBackend(1)) {
      assertThatThrownBy(() -> cpu.plan(program, 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("f16 runs on NVIDIA's tensor cores, through backend tornado");
    }
    TestBackends.devices()
        .filter(backend -> !hasIt(backend))
        .forEach(
            backend ->
                assertThatThrownBy(() -> backend.plan(program, 1))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("f16 needs tensor cores, which device '")
                    .hasMessageContaining("use precision f32"));
  }

  private static void agrees(Program program, RandomValues values, int k) {
    agrees(program, values.array(program.input().size()), values.toString(), k);
  }

  private static void agrees(Program program, float[] x, String what, int k) {
    float[] expected = run(TestBackends.reference(), program, x);
    devicesWithIt()
        .forEach(
            backend ->
                Tolerance.reduction(k)
                    .times(2)
                    .check("f16, " + what, run(backend, program, x), expected));
  }

  private static Stream<? extends Backend> devicesWithIt() {
    return TestBackends.devices().filter(HalfLinearTest::hasIt);
  }

  private static boolean hasIt(Backend backend) {
    try {
      return !backend.device(Precision.F16).name().isEmpty();
    } catch (BackendException lacking) {
      return false;
    }
  }

  private static float[] run(Backend backend, Program program, float[] x) {
    try (Plan plan = backend.plan(program, 1)) {
      return plan.run(x.clone(), 1).of(program.outputs().getFirst());
    }
  }

  private static Program program(
      int rows, Weight w, @Nullable Weight bias, Epilogue epilogue, RandomValues values) {
    Buffer x = new Buffer("x", rows, w.columns());
    Buffer y = new Buffer("y", rows, w.rows());
    Program.Builder builder = new Program.Builder(x);
    if (epilogue instanceof Epilogue.Residual(Buffer added, _)) {
      builder.then(Linear.of(x, values.weight(w.rows(), w.columns()), null, added));
    }
    return builder
        .then(new Linear(x, new Matrix(w, Precision.F16), bias, epilogue, y))
        .output(y)
        .build();
  }
}
