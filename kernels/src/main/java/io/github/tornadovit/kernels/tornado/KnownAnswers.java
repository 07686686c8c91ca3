package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.Copy;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/**
 * Known answers for the kernels of a program: a small program of odd shapes that uses every one of
 * them, whose outputs on the device have to equal those of {@link ReferenceBackend}.
 *
 * <p>49 tokens of width 133 leave a remainder in every tile of every kernel. One image takes the
 * small tile of the matrix product, three take the large one when the device counts as one
 * multiprocessor.
 */
final class KnownAnswers {
  static final int BATCH = 3;

  private static final int ROWS = 49;
  private static final int WIDTH = 133;
  private static final int COLUMNS = 37;
  private static final int HEADS = 2;
  private static final double TOLERANCE = 1e-4;

  private final Random random = new Random(42);
  private final Set<String> kernels = new LinkedHashSet<>();
  private final Program program;

  /** A test of the kernels that a program uses. */
  KnownAnswers(Program tested) {
    program = small(tested);
  }

  /** The kernels under test, one entry for each form. */
  Set<String> kernels() {
    return kernels;
  }

  Program program() {
    return program;
  }

  /**
   * Runs the device's plan of {@link #program()} and compares.
   *
   * @param device named in errors
   * @param batches at most {@link #BATCH}; 1 takes the small tile, 3 the large one
   * @throws BackendException naming the kernel, if one computes something else
   */
  void check(Plan plan, String device, int... batches) {
    try (Backend oracle = new ReferenceBackend();
        Plan reference = oracle.plan(program, BATCH)) {
      for (int batch : batches) {
        float[] input = values(batch * program.input().size(), 1);
        Outputs got = plan.run(input, batch);
        Outputs expected = reference.run(input, batch);
        for (Buffer output : program.outputs()) {
          compare(got.of(output), expected.of(output), output.name(), device);
        }
      }
    }
  }

  private static void compare(float[] got, float[] expected, String kernel, String device) {
    for (int i = 0; i < got.length; i++) {
      double distance = Math.abs((double) got[i] - expected[i]);
      if (!(distance <= TOLERANCE + TOLERANCE * Math.abs(expected[i]))) {
        throw new BackendException(
            "tornado",
            ("the kernel '%s' computes wrong values on '%s': element %d is %s, expected %s; update"
                    + " the driver, choose another device with --device, or use --backend cpu")
                .formatted(kernel, device, i, got[i], expected[i]));
      }
    }
  }

  private Program small(Program tested) {
    Chain chain = new Chain(tested);
    for (Operation operation : tested.operations()) {
      chain.add(operation);
    }
    return chain.program.build();
  }

  /** The small program: every kernel reads the tokens, or what a matrix product made of them. */
  private final class Chain {
    final Program.Builder program;
    final Buffer tokens;

    Chain(Program tested) {
      PatchEmbedding patch =
          tested.operations().stream()
              .filter(PatchEmbedding.class::isInstance)
              .map(PatchEmbedding.class::cast)
              .findFirst()
              .orElse(null);
      if (patch == null) {
        tokens = new Buffer("input", ROWS, WIDTH);
        program = new Program.Builder(tokens);
        return;
      }
      String name =
          "patch embedding of %d x %d x %d"
              .formatted(patch.channels(), patch.patchHeight(), patch.patchWidth());
      kernels.add(name);
      // 6 by 8 patches, with rows of pixels below that belong to none.
      Buffer pixels =
          new Buffer(
              "pixels", patch.channels() * (7 * patch.patchHeight() - 1), 8 * patch.patchWidth());
      program = new Program.Builder(pixels);
      int depth = patch.weight().columns();
      tokens = new Buffer(name, ROWS, WIDTH);
      program.then(
          new PatchEmbedding(
              pixels,
              patch.channels(),
              patch.patchHeight(),
              patch.patchWidth(),
              weight(WIDTH, depth),
              weight(1, WIDTH),
              1,
              tokens));
      program.then(new EmbedTokens(weight(1, WIDTH), null, tokens));
      program.output(tokens);
    }

    void add(Operation operation) {
      switch (operation) {
        case PatchEmbedding patch -> {}
        case EmbedTokens embed -> embedTokens(embed.positions() != null);
        case LayerNorm norm -> {
          Buffer output = output("layer norm", ROWS, WIDTH);
          then(
              output,
              new LayerNorm(tokens, weight(1, WIDTH), weight(1, WIDTH), norm.eps(), output));
        }
        case Linear linear -> {
          switch (linear.epilogue()) {
            case Epilogue.Activate(Activation activation) -> linear(activation, false);
            case Epilogue.Residual _ -> linear(Activation.IDENTITY, true);
          }
        }
        case Attention attention ->
            attention(attention.headSize(), attention.scale(), attention.bias() != null);
        case AttentionWeights attention ->
            attentionWeights(
                attention.headSize(),
                attention.scale(),
                attention.bias() != null,
                attention.maps() == 1);
        case SelectTokens select -> {
          Buffer output = output("token", 1, WIDTH);
          then(output, new SelectTokens(tokens, 1, output));
        }
        case MeanTokens mean -> {
          Buffer output = output("mean of tokens", 2, WIDTH);
          then(output, new MeanTokens(tokens, 2, output));
        }
        case Average average -> {
          Buffer output = output("average", ROWS, WIDTH);
          Buffer other = output("other of average", ROWS, WIDTH);
          if (kernels.add(output.name())) {
            program.then(new Copy(tokens, other));
            program.then(new Average(tokens, other, output));
            program.output(output);
          }
        }
        case Copy copy -> {
          Buffer output = output("copy", ROWS, WIDTH);
          then(output, new Copy(tokens, output));
        }
      }
    }

    private void embedTokens(boolean positioned) {
      Buffer output = output(positioned ? "tokens and positions" : "tokens", ROWS, WIDTH);
      if (kernels.add(output.name())) {
        program.then(new Copy(tokens, output));
        program.then(
            new EmbedTokens(weight(2, WIDTH), positioned ? weight(ROWS, WIDTH) : null, output));
        program.output(output);
      }
    }

    private void linear(Activation activation, boolean accumulate) {
      Buffer output =
          output(accumulate ? "linear with residual" : "linear, " + activation, ROWS, COLUMNS);
      if (!accumulate) {
        then(output, product(activation, output));
      } else if (kernels.add(output.name())) {
        program.then(product(Activation.IDENTITY, output));
        program.then(
            Linear.residual(
                tokens, weight(COLUMNS, WIDTH), weight(1, COLUMNS), weight(1, COLUMNS), output));
        program.output(output);
      }
    }

    private Linear product(Activation activation, Buffer output) {
      return Linear.activated(
          tokens, weight(COLUMNS, WIDTH), weight(1, COLUMNS), activation, output);
    }

    private void attention(int headSize, float scale, boolean biased) {
      Buffer output =
          output(
              "attention of head size %d, %s bias".formatted(headSize, biased ? "with" : "no"),
              ROWS,
              HEADS * headSize);
      if (kernels.add(output.name())) {
        Buffer qkv = queriesKeysValues(output.name(), headSize);
        program.then(
            new Attention(qkv, HEADS, scale, biased ? weight(HEADS * ROWS, ROWS) : null, output));
        program.output(output);
      }
    }

    private void attentionWeights(int headSize, float scale, boolean biased, boolean mean) {
      Buffer output =
          output(
              "attention weights of head size %d, %s bias%s"
                  .formatted(headSize, biased ? "with" : "no", mean ? ", mean of heads" : ""),
              mean ? ROWS : HEADS * ROWS,
              ROWS);
      if (kernels.add(output.name())) {
        Buffer qkv = queriesKeysValues(output.name(), headSize);
        program.then(
            new AttentionWeights(
                qkv, HEADS, scale, biased ? weight(HEADS * ROWS, ROWS) : null, output));
        program.output(output);
      }
    }

    private Buffer queriesKeysValues(String kernel, int headSize) {
      Buffer qkv = output("queries, keys, values of " + kernel, ROWS, 3 * HEADS * headSize);
      program.then(Linear.of(tokens, weight(qkv.columns(), WIDTH), weight(1, qkv.columns()), qkv));
      return qkv;
    }

    private void then(Buffer output, Operation operation) {
      if (kernels.add(output.name())) {
        program.then(operation);
        program.output(output);
      }
    }
  }

  private static Buffer output(String name, int rows, int columns) {
    return new Buffer(name, rows, columns);
  }

  /** Values that keep sums of a row near 1. */
  private Weight weight(int rows, int columns) {
    double scale = rows == 1 ? 1 : Math.sqrt(3.0 / columns);
    return Weight.of("self-test", rows, columns, values(rows * columns, scale));
  }

  private float[] values(int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * (2 * random.nextDouble() - 1));
    }
    return values;
  }
}
