package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The self-test covers what a program uses, and notices a kernel that computes something else. */
class KnownAnswersTest {
  private static final RandomValues VALUES = new RandomValues(1);

  private static Program encoder() {
    Buffer pixels = new Buffer("pixels", 3 * 64, 64);
    Buffer patches = new Buffer("patches", 32 * 32, 8);
    Buffer tokens = new Buffer("tokens", 32 * 32 + 1, 8);
    Buffer normed = new Buffer("normed", tokens.rows(), 8);
    Buffer qkv = new Buffer("qkv", tokens.rows(), 24);
    Buffer mixed = new Buffer("mixed", tokens.rows(), 8);
    Buffer sum = new Buffer("sum", tokens.rows(), 8);
    Buffer token = new Buffer("token", 1, 8);
    Buffer logits = new Buffer("logits", 1, 300);
    Weight vector = VALUES.weight(1, 8);
    Weight bias = Weight.of("bias", 2 * tokens.rows(), tokens.rows(), new float[2 * 1025 * 1025]);
    return new Program.Builder(pixels)
        .then(new PatchEmbedding(pixels, 3, 2, 2, VALUES.weight(8, 12), vector, patches))
        .then(new EmbedTokens(patches, vector, VALUES.weight(tokens.rows(), 8), tokens))
        .then(new LayerNorm(tokens, vector, vector, 1e-6f, normed))
        .then(Linear.activated(normed, VALUES.weight(24, 8), null, Activation.GELU, qkv))
        .then(new Attention(qkv, 2, 0.5f, bias, mixed))
        .then(new AttentionWeights(qkv, 2, 0.5f, null, new Buffer("heads", 2 * 1025, 1025)))
        .then(new AttentionWeights(qkv, 2, 0.5f, null, new Buffer("mean", 1025, 1025)))
        .then(Linear.residual(tokens, mixed, VALUES.weight(8, 8), null, vector, sum))
        .then(new SelectTokens(sum, 0, token))
        .then(Linear.of(token, VALUES.weight(300, 8), null, logits))
        .output(logits)
        .build();
  }

  /** A device that changes one element of one output. */
  private record Wrong(Plan right, String kernel) implements Plan {
    @Override
    public int maxBatch() {
      return right.maxBatch();
    }

    @Override
    public Outputs run(float[] input, int batch) {
      Outputs outputs = right.run(input, batch);
      outputs
          .values()
          .forEach(
              (output, values) -> {
                if (output.name().equals(kernel)) {
                  values[7] += 0.01f;
                }
              });
      return outputs;
    }

    @Override
    public List<KernelTime> profile(float[] input, int batch) {
      return right.profile(input, batch);
    }

    @Override
    public void close() {
      right.close();
    }
  }

  private static List<KnownAnswers> tests(Program program, int computeUnits, Integer... batches) {
    return KnownAnswers.of(program, List.of(batches), Tiling.of(computeUnits), form -> true);
  }

  private static List<String> names(KnownAnswers test) {
    return test.kernels().stream().map(KernelForm::toString).toList();
  }

  @Test
  void everyKernelIsTestedWithItsWidthsOnFewRows() {
    List<KnownAnswers> tests = tests(encoder(), 100, 1);
    assertThat(tests).hasSize(1);
    assertThat(names(tests.getFirst()))
        .containsExactly(
            "patch embedding of 3 x 2 x 2 to 8, tile 64",
            "1 prefix tokens and positions of 8",
            "layer norm of 8, eps 1.0E-6",
            "linear of 8 to 24, GELU, tile 64",
            "attention of 2 heads of 4, scale 0.5, with bias",
            "attention weights of 2 heads of 4, scale 0.5",
            "attention weights of 2 heads of 4, scale 0.5, mean of heads",
            "linear of 8 to 8, residual, tile 64",
            "tokens of 8 from 0",
            "linear of 8 to 300, IDENTITY, tile 64, few rows");
    assertThat(tests.getFirst().program().buffers())
        .allSatisfy(value -> assertThat(value.rows()).isLessThanOrEqualTo(2 * 73));
  }

  /** A gated MLP, and a classifier on class token and mean behind registers. */
  @Test
  void gatesAndTokensBesideTheirMeanAreTested() {
    Buffer x = new Buffer("x", 300, 8);
    Buffer both = new Buffer("both", 300, 40);
    Buffer gated = new Buffer("gated", 300, 20);
    Buffer sum = new Buffer("sum", 300, 8);
    Buffer pooled = new Buffer("pooled", 1, 16);
    Buffer logits = new Buffer("logits", 1, 3);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, VALUES.weight(40, 8), null, both))
            .then(new Gate(both, Activation.SILU, gated))
            .then(Linear.residual(x, gated, VALUES.weight(8, 20), null, null, sum))
            .then(new MeanTokens(sum, 5, pooled))
            .then(Linear.of(pooled, VALUES.weight(3, 16), null, logits))
            .output(logits)
            .build();
    KnownAnswers test = tests(program, 100, 1).getFirst();
    assertThat(names(test))
        .contains("gate of 20, SILU", "mean of tokens of 8 from 5 behind 1")
        .anyMatch(name -> name.startsWith("linear of 16 to 3, IDENTITY"));
    try (ReferenceBackend backend = new ReferenceBackend();
        Plan right = backend.plan(test.program(), test.batch())) {
      test.check(right, "a device");
      assertThatThrownBy(() -> test.check(new Wrong(right, "gate of 20, SILU"), "a device"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("kernel 'gate of 20, SILU'");
    }
  }

  /** An encoder whose patches turn behind a class token and registers. */
  @Test
  void rotaryPositionsAreTested() {
    Buffer x = new Buffer("x", 300, 8);
    Buffer qkv = new Buffer("qkv", 300, 24);
    Buffer turned = new Buffer("turned", 300, 24);
    Buffer mixed = new Buffer("mixed", 300, 8);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, VALUES.weight(24, 8), null, qkv))
            .then(new RotaryPositions(qkv, 2, VALUES.weight(295, 4), turned))
            .then(new Attention(turned, 2, 0.5f, null, mixed))
            .output(mixed)
            .build();
    KnownAnswers test = tests(program, 100, 1).getFirst();
    String kernel = "rotary positions of 2 heads of 4 behind 5";
    assertThat(names(test)).contains(kernel, "attention of 2 heads of 4, scale 0.5");
    try (ReferenceBackend backend = new ReferenceBackend();
        Plan right = backend.plan(test.program(), test.batch())) {
      test.check(right, "a device");
      assertThatThrownBy(() -> test.check(new Wrong(right, kernel), "a device"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("kernel '" + kernel + "'");
    }
  }

  private static Program products() {
    Buffer x = new Buffer("x", 100, 64);
    Buffer y = new Buffer("y", 100, 256);
    Buffer token = new Buffer("token", 1, 256);
    Buffer logits = new Buffer("logits", 1, 300);
    return new Program.Builder(x)
        .then(Linear.activated(x, VALUES.weight(256, 64), null, Activation.GELU, y))
        .then(new SelectTokens(y, 0, token))
        .then(Linear.of(token, VALUES.weight(300, 256), null, logits))
        .output(logits)
        .build();
  }

  /** A block whose products have factors of float16. */
  private static Program halves() {
    Buffer x = new Buffer("x", 100, 16);
    Buffer normed = new Buffer("normed", 100, 16);
    Buffer qkv = new Buffer("qkv", 100, 48);
    Buffer mixed = new Buffer("mixed", 100, 16);
    Buffer sum = new Buffer("sum", 100, 16);
    Buffer hidden = new Buffer("hidden", 100, 40);
    Buffer gated = new Buffer("gated", 100, 20);
    Buffer added = new Buffer("added", 100, 16);
    Buffer wide = new Buffer("wide", 100, 24);
    Buffer y = new Buffer("y", 100, 16);
    Weight vector = VALUES.weight(1, 16);
    return new Program.Builder(x)
        .then(new LayerNorm(x, vector, vector, 1e-6f, normed))
        .then(Linear.of(normed, VALUES.weight(48, 16), null, qkv).in(Precision.F16))
        .then(new Attention(qkv, 2, 0.5f, null, mixed))
        .then(Linear.residual(x, mixed, VALUES.weight(16, 16), null, null, sum).in(Precision.F16))
        .then(Linear.of(sum, VALUES.weight(40, 16), null, hidden).in(Precision.F16))
        .then(new Gate(hidden, Activation.SILU, gated))
        .then(
            Linear.residual(sum, gated, VALUES.weight(16, 20), null, null, added).in(Precision.F16))
        .then(
            Linear.activated(added, VALUES.weight(24, 16), null, Activation.GELU, wide)
                .in(Precision.F16))
        .then(Linear.residual(added, wide, VALUES.weight(16, 24), null, null, y).in(Precision.F16))
        .output(y)
        .build();
  }

  /** What lies as float16 comes back, so that each kernel that writes it is looked at. */
  @Test
  void kernelsThatWriteFloat16AreTestedSo() {
    KnownAnswers test = tests(halves(), 10, 1).getFirst();
    assertThat(names(test))
        .containsExactly(
            "layer norm of 16, eps 1.0E-6, to f16",
            "linear of 16 to 48 in f16, IDENTITY, tile 64",
            "attention of 2 heads of 8, scale 0.5, to f16",
            "linear of 16 to 16 in f16, residual, tile 64",
            "linear of 16 to 40 in f16, IDENTITY, tile 64",
            "gate of 20, SILU, to f16",
            "linear of 20 to 16 in f16, residual, tile 64",
            "linear of 16 to 24 in f16, GELU, to f16, tile 64",
            "linear of 24 to 16 in f16, residual, tile 64");
    assertThat(test.halves())
        .extracting(Buffer::name)
        .containsExactlyInAnyOrder(
            "layer norm of 16, eps 1.0E-6, to f16",
            "attention of 2 heads of 8, scale 0.5, to f16",
            "gate of 20, SILU, to f16",
            "linear of 16 to 24 in f16, GELU, to f16, tile 64");
    try (ReferenceBackend backend = new ReferenceBackend();
        Plan right = backend.plan(test.program(), test.batch())) {
      test.check(right, "a device");
    }
  }

  @Test
  void everyTileThatABatchTakesIsTested() {
    List<KnownAnswers> tests = tests(products(), 10, 1, 2, 64);
    assertThat(tests.stream().flatMap(test -> names(test).stream()))
        .contains(
            "linear of 64 to 256, GELU, tile 64 in 4 slices",
            "linear of 64 to 256, GELU, tile 128",
            "linear of 256 to 300, IDENTITY, tile 8 in 32 slices, 1 of 8 rows",
            "linear of 256 to 300, IDENTITY, tile 8 in 32 slices, 2 of 8 rows",
            "linear of 256 to 300, IDENTITY, tile 32 in 4 slices")
        .doesNotHaveDuplicates();
  }

  @Test
  void partsOfADeepProductAreTested() {
    Buffer x = new Buffer("x", 197, 3072);
    Buffer y = new Buffer("y", 197, 768);
    Program deep =
        new Program.Builder(x)
            .then(Linear.of(x, VALUES.weight(768, 3072), null, y))
            .output(y)
            .build();
    KnownAnswers test = tests(deep, 72, 1).getFirst();
    assertThat(names(test))
        .containsExactly("linear of 3072 to 768, IDENTITY, tile 64 in 4 slices and 3 parts");
    assertThat(test.program().input().rows() * test.batch()).isLessThan(197);
  }

  /** Else a kernel would count as proven by the answers of another one. */
  @Test
  void whatTestsAFormHasThatForm() {
    List<KnownAnswers> tests = new ArrayList<>(tests(encoder(), 4, 1, 8, 200));
    tests.addAll(tests(products(), 10, 1, 2, 64));
    tests.addAll(tests(halves(), 10, 1, 8));
    for (KnownAnswers test : tests) {
      for (KernelForm form : test.kernels()) {
        Operation operation = test.operation(form);
        int rows = test.batch() * operation.output().rows();
        assertThat(KernelForm.of(operation, rows, test.tiling(), test.halves())).isEqualTo(form);
      }
    }
  }

  @Test
  void whatIsProvenIsNotTestedAgain() {
    List<KnownAnswers> tests =
        KnownAnswers.of(
            encoder(), List.of(1), Tiling.of(100), form -> form.name().startsWith("layer norm"));
    assertThat(names(tests.getFirst())).containsExactly("layer norm of 8, eps 1.0E-6");
    assertThat(KnownAnswers.of(encoder(), List.of(1), Tiling.of(100), form -> false)).isEmpty();
  }

  @Test
  void aProgramOfFewRowsIsTestedOnThem() {
    Buffer x = new Buffer("x", 5, 3);
    Buffer y = new Buffer("y", 5, 7);
    Program small =
        new Program.Builder(x).then(Linear.of(x, VALUES.weight(7, 3), null, y)).output(y).build();
    KnownAnswers test = tests(small, 1, 1).getFirst();
    assertThat(test.batch()).isEqualTo(1);
    assertThat(test.program().input().rows()).isEqualTo(5);
  }

  @Test
  void namesTheKernelThatComputesSomethingElse() {
    for (KnownAnswers test : tests(encoder(), 4, 1, 200)) {
      try (ReferenceBackend backend = new ReferenceBackend();
          Plan right = backend.plan(test.program(), test.batch())) {
        test.check(right, "a device");
        for (String kernel : names(test)) {
          assertThatThrownBy(() -> test.check(new Wrong(right, kernel), "a device"))
              .isInstanceOf(BackendException.class)
              .hasMessageContaining("kernel '" + kernel + "'")
              .hasMessageContaining("'a device'")
              .hasMessageContaining("element 7");
        }
      }
    }
  }
}
