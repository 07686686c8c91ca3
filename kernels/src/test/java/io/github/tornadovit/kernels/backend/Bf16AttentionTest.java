package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.machinecode.InterpretedLoops;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.RelativeError;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@link Attention} in bf16: the code of AVX512-BF16 and AMX, interpreted, and what this machine
 * has, like its reference. A numerator near the middle of two codes may become either; nothing else
 * may differ by more than float32's rounding, so that the mean is far below what the codes lose.
 */
class Bf16AttentionTest {
  private static final List<Supplier<InnerLoops>> INTERPRETED =
      List.of(InterpretedLoops::new, InterpretedLoops::amx);

  @ParameterizedTest
  @CsvSource({"1,1,1", "2,3,5", "17,2,33", "33,1,64", "70,2,8", "9,1,70", "66,1,16"})
  void likeItsReference(int tokens, int heads, int headSize) {
    RandomValues values = new RandomValues(100 * tokens + headSize);
    float[] x = values.array(2 * tokens * 3 * heads * headSize);
    float scale = (float) (1 / Math.sqrt(headSize));
    Weight bias = values.weight(heads * tokens, tokens);
    for (Program program :
        List.of(
            program(tokens, heads, headSize, scale, null),
            program(tokens, heads, headSize, scale, bias))) {
      float[] expected = run(TestBackends.reference(), program, x);
      for (Supplier<InnerLoops> loops : INTERPRETED) {
        try (CpuBackend cpu = new CpuBackend(loops.get(), 2)) {
          assertClose(run(cpu, program, x), expected, cpu.device() + ", " + values);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"197,3,64", "577,1,16", "50,2,80", "130,1,257", "5,7,3"})
  void likeItsReferenceOnThisMachine(int tokens, int heads, int headSize) {
    RandomValues values = new RandomValues(tokens);
    float[] x = values.array(2 * tokens * 3 * heads * headSize);
    Weight bias = values.weight(heads * tokens, tokens);
    Program program = program(tokens, heads, headSize, 0.3f, bias);
    float[] expected = run(TestBackends.reference(), program, x);
    for (Backend backend : TestBackends.all()) {
      if (TestBackends.hasBf16(backend) && !backend.device().name().contains("interpreted")) {
        assertClose(run(backend, program, x), expected, backend.device() + ", " + values);
      }
    }
  }

  private static void assertClose(float[] got, float[] expected, String what) {
    double largest = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(got[i] - expected[i]));
    }
    assertThat(RelativeError.of(got, expected)).as(what).isLessThan(2e-4);
    assertThat(largest).as(what).isLessThan(0x1p-8);
  }

  /** With other threads and in another batch: what a task has does not change what it computes. */
  @ParameterizedTest
  @CsvSource({"197,3", "70,1"})
  void threadsAndBatchesGiveTheSameBits(int tokens, int heads) {
    Program program = program(tokens, heads, 32, 0.2f, null);
    float[] x = new RandomValues(tokens).array(3 * program.input().size());
    try (CpuBackend one = new CpuBackend(1);
        CpuBackend two = new CpuBackend(2);
        CpuBackend five = new CpuBackend(5)) {
      if (!TestBackends.hasBf16(one)) {
        assertThatThrownBy(() -> one.plan(program, 1)).isInstanceOf(BackendException.class);
        return;
      }
      float[] expected = run(one, program, x);
      assertThat(run(two, program, x)).isEqualTo(expected);
      assertThat(run(five, program, x)).isEqualTo(expected);
      int last = 2 * program.input().size();
      int lastOutput = expected.length / 3 * 2;
      assertThat(run(five, program, Arrays.copyOfRange(x, last, x.length)))
          .isEqualTo(Arrays.copyOfRange(expected, lastOutput, expected.length));
    }
  }

  @Test
  void nanReachesWhatSeesItAlone() {
    int tokens = 19;
    Program program = program(tokens, 2, 4, 1, null);
    int stride = 24;
    for (int at : List.of(3 * stride + 8, 18 * stride, 5 * stride + 23, 18 * stride + 16)) {
      float[] x = new RandomValues(6).array(tokens * stride);
      x[at] = Float.NaN;
      float[] expected = run(TestBackends.reference(), program, x);
      for (Supplier<InnerLoops> loops : INTERPRETED) {
        try (CpuBackend cpu = new CpuBackend(loops.get(), 1)) {
          float[] y = run(cpu, program, x);
          for (int i = 0; i < y.length; i++) {
            assertThat(Float.isNaN(y[i]))
                .as("NaN at %d, %d", at, i)
                .isEqualTo(Float.isNaN(expected[i]));
          }
        }
      }
    }
  }

  @Test
  void differsFromFloat32ByItsRounding() {
    Program bf16 = program(40, 2, 64, 0.125f, null);
    Program f32 = bf16.replacing((section, operation) -> ((Attention) operation).in(Precision.F32));
    float[] x = new RandomValues(4).array(bf16.input().size());
    float[] exact = run(TestBackends.reference(), f32, x);
    float[] y = run(TestBackends.reference(), bf16, x);
    assertThat(RelativeError.of(y, exact)).isBetween(5e-4, 8e-3);
  }

  @Test
  void hasNoInt8() {
    Attention attention = (Attention) program(2, 1, 4, 1, null).operations().getFirst();
    assertThatThrownBy(() -> attention.in(Precision.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected f32 or bf16");
  }

  private static float[] run(Backend backend, Program program, float[] x) {
    int batch = x.length / program.input().size();
    try (Plan plan = backend.plan(program, batch)) {
      return plan.run(x, batch).of(program.outputs().getFirst()).clone();
    }
  }

  private static Program program(
      int tokens, int heads, int headSize, float scale, @Nullable Weight bias) {
    Buffer qkv = new Buffer("qkv", tokens, 3 * heads * headSize);
    Buffer y = new Buffer("y", tokens, heads * headSize);
    return new Program.Builder(qkv)
        .then(new Attention(qkv, heads, scale, bias, Precision.BF16, y))
        .output(y)
        .build();
  }
}
