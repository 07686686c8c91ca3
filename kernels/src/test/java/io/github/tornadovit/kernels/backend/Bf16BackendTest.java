package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.machinecode.InterpretedLoops;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.RelativeError;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Linear} in bf16: the code of AVX512-BF16 and AMX, interpreted, like its reference. */
class Bf16BackendTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "7,5,3", "6,7,96", "13,33,70", "40,192,65"})
  void likeItsReference(int rows, int k, int n) {
    likeItsReference(new InterpretedLoops(), rows, k, n);
  }

  @Test
  void amxIsLikeItToo() {
    likeItsReference(InterpretedLoops.amx(), 13, 33, 70);
  }

  private static void likeItsReference(InnerLoops loops, int rows, int k, int n) {
    RandomValues values = new RandomValues(rows);
    float[] x = values.array(2 * rows * k);
    Program plain = program(rows, values.weight(n, k), values.vector(n), Epilogue.NONE);
    Program gelu = program(rows, values.weight(n, k), null, new Epilogue.Activate(Activation.GELU));
    try (CpuBackend cpu = new CpuBackend(loops, 2)) {
      for (Program program : new Program[] {plain, gelu}) {
        Tolerance.reduction(k)
            .check(
                "bf16 " + values, run(cpu, program, x), run(TestBackends.reference(), program, x));
      }
    }
  }

  @Test
  void differsFromFloat32ByItsRounding() {
    RandomValues values = new RandomValues(4);
    Program bf16 = program(20, values.weight(30, 768), null, Epilogue.NONE);
    Program f32 = bf16.replacing((section, operation) -> ((Linear) operation).in(Precision.F32));
    float[] x = values.array(20 * 768);
    float[] exact = run(TestBackends.reference(), f32, x);
    float[] y = run(TestBackends.reference(), bf16, x);
    // Eight bits of significand in either factor.
    assertThat(RelativeError.of(y, exact)).isBetween(5e-4, 4e-3);
  }

  @Test
  void loopsThatHaveItNotSayWhatRuns() {
    Program program = program(2, new RandomValues(1).weight(3, 4), null, Epilogue.NONE);
    try (CpuBackend cpu = new CpuBackend(new ScalarLoops(), 1)) {
      assertThatThrownBy(() -> cpu.plan(program, 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("bf16 needs machine code and AVX512-BF16, and here runs scalar")
          .hasMessageContaining("int8 runs here on plain Java");
      assertThatThrownBy(() -> cpu.device(Precision.BF16)).isInstanceOf(BackendException.class);
    }
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
    Matrix matrix = new Matrix(w, Precision.BF16);
    return new Program.Builder(x).then(new Linear(x, matrix, bias, epilogue, y)).output(y).build();
  }
}
