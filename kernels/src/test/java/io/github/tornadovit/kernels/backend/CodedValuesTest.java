package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.machinecode.InterpretedLoops;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values that lie as codes: which, and that no number is another for it. An output never lies so:
 * with all values as outputs a program computes without.
 */
class CodedValuesTest {
  /** A block of an encoder, with names as its operations write them. */
  private record Block(int tokens, int heads, int headSize, Precision linear, Precision attention) {
    private int width() {
      return heads * headSize;
    }

    private Buffer value(String name, int columns) {
      return new Buffer(name, tokens, columns);
    }

    /** In the precision; every seventh input is said to be far larger than the others. */
    private Linear product(Linear op) {
      float[] known = new float[op.input().columns()];
      for (int i = 0; i < known.length; i++) {
        known[i] = i % 7 == 3 ? 90 : 1;
      }
      return op.in(linear, () -> known);
    }

    /** Every time with the same weights. */
    private Program program(boolean allOutputs) {
      RandomValues values = new RandomValues(3);
      Buffer x = value("x", width());
      Buffer normed = value("normed", width());
      Buffer qkv = value("qkv", 3 * width());
      Buffer mixed = value("mixed", width());
      Buffer tokens1 = value("tokens", width());
      Buffer normed2 = value("normed2", width());
      Buffer hidden = value("hidden", 100);
      Buffer y = value("y", width());
      List<Operation> operations =
          List.of(
              new LayerNorm(x, values.weight(1, width()), values.weight(1, width()), 1e-6f, normed),
              product(Linear.of(normed, values.weight(3 * width(), width()), null, qkv)),
              new Attention(qkv, heads, 0.2f, null, attention, mixed),
              product(
                  Linear.residual(x, mixed, values.weight(width(), width()), null, null, tokens1)),
              new LayerNorm(
                  tokens1, values.weight(1, width()), values.weight(1, width()), 1e-6f, normed2),
              product(
                  Linear.activated(
                      normed2, values.weight(100, width()), null, Activation.GELU, hidden)),
              product(
                  Linear.residual(tokens1, hidden, values.weight(width(), 100), null, null, y)));
      List<Buffer> outputs =
          allOutputs ? operations.stream().map(Operation::output).toList() : List.of(y);
      return new Program(x, List.of(new Program.Section("block", operations)), outputs);
    }
  }

  private static Map<String, Precision> codings(Program program) {
    return Codings.of(program).entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().name(), e -> e.getValue().precision()));
  }

  @Test
  void inBf16WhatProductsAndAttentionRead() {
    Program program = new Block(5, 2, 32, Precision.BF16, Precision.BF16).program(false);
    assertThat(codings(program))
        .isEqualTo(
            Map.of(
                "normed", Precision.BF16,
                "qkv", Precision.BF16,
                "mixed", Precision.BF16,
                "normed2", Precision.BF16,
                "hidden", Precision.BF16));
  }

  @Test
  void inInt8WhatNormsWrite() {
    Program program = new Block(5, 2, 32, Precision.INT8, Precision.BF16).program(false);
    assertThat(codings(program))
        .isEqualTo(
            Map.of("normed", Precision.INT8, "qkv", Precision.BF16, "normed2", Precision.INT8));
  }

  /** On a device, where every factor is written by something that can; but not the input. */
  @Test
  void inF16WhatProductsRead() {
    Program program = new Block(5, 2, 20, Precision.F16, Precision.F32).program(false);
    assertThat(Codings.halves(program))
        .extracting(Buffer::name)
        .containsExactlyInAnyOrder("normed", "mixed", "normed2", "hidden");
    assertThat(Codings.halves(new Block(5, 2, 20, Precision.F16, Precision.F32).program(true)))
        .isEmpty();
    Buffer x = new Buffer("x", 4, 8);
    Buffer y = new Buffer("y", 4, 8);
    Program ofInput =
        new Program.Builder(x)
            .then(Linear.of(x, new RandomValues(1).weight(8, 8), null, y).in(Precision.F16))
            .output(y)
            .build();
    assertThat(Codings.halves(ofInput)).isEmpty();
  }

  @Test
  void headsThatShareCacheLinesStayInFloat32() {
    Program program = new Block(5, 2, 20, Precision.BF16, Precision.BF16).program(false);
    assertThat(codings(program)).containsOnlyKeys("normed", "normed2", "hidden");
    assertThat(codings(new Block(5, 2, 32, Precision.F32, Precision.F32).program(false))).isEmpty();
  }

  @Test
  void noneThatIsAnOutputOrReadTwice() {
    assertThat(codings(new Block(5, 2, 32, Precision.BF16, Precision.BF16).program(true)))
        .isEmpty();
    RandomValues values = new RandomValues(1);
    Buffer x = new Buffer("x", 4, 32);
    Buffer normed = new Buffer("normed", 4, 32);
    Buffer y = new Buffer("y", 4, 8);
    Buffer first = new Buffer("first", 1, 32);
    Program program =
        new Program.Builder(x)
            .then(new LayerNorm(x, values.weight(1, 32), values.weight(1, 32), 1e-6f, normed))
            .then(Linear.of(normed, values.weight(8, 32), null, y).in(Precision.BF16))
            .then(new SelectTokens(normed, 0, first))
            .output(y)
            .output(first)
            .build();
    assertThat(codings(program)).isEmpty();
  }

  /** Interpreted and on this machine; in batches and with threads, where rows are cut otherwise. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "INT8"})
  void giveTheSameBits(Precision precision) {
    for (Block block :
        List.of(
            new Block(37, 2, 32, precision, Precision.BF16),
            new Block(3, 1, 64, precision, Precision.BF16),
            new Block(9, 3, 20, precision, Precision.BF16))) {
      float[] x = new RandomValues(block.tokens()).array(2 * block.tokens() * block.width());
      Program coded = block.program(false);
      Program floats = block.program(true);
      for (Supplier<InnerLoops> loops :
          List.<Supplier<InnerLoops>>of(InterpretedLoops::new, InterpretedLoops::amx)) {
        try (CpuBackend cpu = new CpuBackend(loops.get(), 2)) {
          assertThat(run(cpu, coded, x)).as("%s, %s", block, cpu).isEqualTo(run(cpu, floats, x));
        }
      }
      for (int threads : List.of(1, 2, 5)) {
        try (CpuBackend cpu = new CpuBackend(threads)) {
          if (TestBackends.hasBf16(cpu)) {
            assertThat(run(cpu, coded, x)).as("%s", block).isEqualTo(run(cpu, floats, x));
          }
        }
      }
    }
  }

  private static float[] run(Backend backend, Program program, float[] x) {
    int batch = x.length / program.input().size();
    try (Plan plan = backend.plan(program, batch)) {
      plan.run(x, batch); // What an earlier pass left is no matter.
      return plan.run(x, batch).of(program.outputs().getLast());
    }
  }
}
