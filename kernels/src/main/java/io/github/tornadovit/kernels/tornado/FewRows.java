package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.RowOperation;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Operations of a program, each with all its numbers but that of rows: widths, heads and epilogues
 * are the program's own, tokens at most 72 and the prefix, weights random. What an operation reads
 * is written by others of the program.
 */
final class FewRows {
  /** Patches down; with those across, 72, which leave a remainder in every tile of every kernel. */
  private static final int DOWN = 9;

  private static final int ACROSS = 8;

  /** Rows of pooled values, which stay as they are. */
  private static final int POOLED = 8;

  private final Program tested;
  private final @Nullable PatchEmbedding patch;
  private final int patches;
  private final int tokens;
  private final Buffer input;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Shape, Buffer> values = new HashMap<>();
  private final SplittableRandom random = new SplittableRandom(42);

  private record Shape(int rows, int columns) {}

  FewRows(Program tested) {
    this.tested = tested;
    PatchEmbedding embedding = null;
    int prefix = 0;
    for (Operation operation : tested.operations()) {
      if (operation instanceof PatchEmbedding first && embedding == null) {
        embedding = first;
      } else if (operation instanceof EmbedTokens embed) {
        prefix = embed.prefixTokens();
      }
    }
    patch = embedding;
    int most = DOWN * ACROSS;
    if (embedding == null) {
      patches = most;
      tokens = Math.min(most + 1, tested.input().rows());
      input = new Buffer("input", rows(tested.input().rows()), tested.input().columns());
    } else if (embedding.output().rows() <= most) {
      patches = embedding.output().rows();
      tokens = patches + prefix;
      Buffer pixels = embedding.pixels();
      input = new Buffer("pixels", pixels.rows(), pixels.columns());
    } else {
      patches = most;
      tokens = patches + prefix;
      // With rows of pixels below that belong to no patch.
      int height = (DOWN + 1) * embedding.patchHeight() - 1;
      input = new Buffer("pixels", embedding.channels() * height, ACROSS * embedding.patchWidth());
    }
    values.put(new Shape(input.rows(), input.columns()), input);
  }

  /** Rows that stand for so many. */
  int rows(int rows) {
    if (rows <= POOLED) {
      return rows;
    }
    return patch != null && rows == patch.output().rows() ? patches : Math.min(rows, tokens);
  }

  /** The input of the program. */
  Buffer input() {
    return input;
  }

  /** Rows of a sequence of tokens. */
  int tokens() {
    return tokens;
  }

  /**
   * Appends an operation and what writes its inputs.
   *
   * @param name of its output
   * @param rows that it works on, if it works row by row
   * @param asHalves whether its output lies as float16, and is nothing that others read
   * @return the operation as it was appended
   */
  Operation add(Operation operation, String name, int rows, boolean asHalves) {
    Operation small =
        switch (operation) {
          case PatchEmbedding op ->
              new PatchEmbedding(
                  input,
                  op.channels(),
                  op.patchHeight(),
                  op.patchWidth(),
                  weight(op.weight()),
                  weight(op.bias()),
                  new Buffer(name, patches, op.output().columns()));
          case EmbedTokens op -> {
            Buffer embedded = value(rows(op.patches().rows()), op.output().columns());
            int all = op.prefixTokens() + embedded.rows();
            yield new EmbedTokens(
                embedded,
                op.prefix() == null ? null : weight(op.prefix()),
                op.positions() == null ? null : weight(all, embedded.columns()),
                new Buffer(name, all, embedded.columns()));
          }
          case LayerNorm op ->
              new LayerNorm(
                  value(rows, op.input().columns()),
                  weight(op.weight()),
                  weight(op.bias()),
                  op.eps(),
                  new Buffer(name, rows, op.input().columns()));
          case Gate op ->
              new Gate(
                  value(rows, op.input().columns()),
                  op.activation(),
                  new Buffer(name, rows, op.output().columns()));
          case Linear op -> linear(op, name, rows);
          case RotaryPositions op -> {
            int positions = tokens - Math.min(op.prefixTokens(), tokens - 1);
            Buffer queryKeyValue = value(tokens, op.qkv().columns());
            yield new RotaryPositions(
                queryKeyValue,
                op.heads(),
                weight(positions, op.headSize()),
                new Buffer(name, tokens, op.qkv().columns()));
          }
          case Attention op ->
              new Attention(
                  value(tokens, op.qkv().columns()),
                  op.heads(),
                  op.scale(),
                  op.bias() == null ? null : weight(op.heads() * tokens, tokens),
                  new Buffer(name, tokens, op.output().columns()));
          case AttentionWeights op ->
              new AttentionWeights(
                  value(tokens, op.qkv().columns()),
                  op.heads(),
                  op.scale(),
                  op.bias() == null ? null : weight(op.heads() * tokens, tokens),
                  new Buffer(name, op.maps() * tokens, tokens));
          case SelectTokens op -> {
            Buffer from = value(rows(op.input().rows()), op.input().columns());
            int count = rows(op.output().rows());
            yield new SelectTokens(
                from,
                Math.min(op.first(), from.rows() - count),
                new Buffer(name, count, from.columns()));
          }
          case MeanTokens op -> {
            Buffer from = value(rows(op.input().rows()), op.input().columns());
            int first = Math.min(op.first(), from.rows() - 1);
            int count = Math.min(op.kept(), first) + 1;
            int width = from.columns();
            Buffer pooled =
                op.output().rows() == 1
                    ? new Buffer(name, 1, count * width)
                    : new Buffer(name, count, width);
            yield new MeanTokens(from, first, pooled);
          }
          case Average op -> {
            Buffer first = value(rows, op.output().columns());
            yield new Average(first, another(first), new Buffer(name, rows, op.output().columns()));
          }
        };
    if (asHalves) {
      operations.add(small);
    } else {
      append(small);
    }
    return small;
  }

  private Linear linear(Linear op, String name, int rows) {
    int n = op.weight().rows();
    Epilogue epilogue =
        switch (op.epilogue()) {
          case Epilogue.Activate activate -> activate;
          case Epilogue.Residual(_, Weight scale) ->
              new Epilogue.Residual(value(rows, n), scale == null ? null : weight(scale));
        };
    return new Linear(
        value(rows, op.weight().columns()),
        new Matrix(weight(op.weight()), op.matrix().precision()),
        op.bias() == null ? null : weight(op.bias()),
        epilogue,
        new Buffer(name, rows, n));
  }

  private void append(Operation operation) {
    operations.add(operation);
    Buffer output = operation.output();
    values.putIfAbsent(new Shape(output.rows(), output.columns()), output);
  }

  /** A value of a shape: the first one, one that the program's operations make, or some input. */
  private Buffer value(int rows, int columns) {
    Buffer there = values.get(new Shape(rows, columns));
    if (there != null) {
      return there;
    }
    for (Operation operation : tested.operations()) {
      Buffer output = operation.output();
      boolean ofRows = operation instanceof RowOperation;
      boolean enough = ofRows || rows(output.rows()) >= rows;
      if (output.columns() == columns && enough && !(operation instanceof AttentionWeights)) {
        int own = ofRows ? rows : rows(output.rows());
        Buffer made = add(operation, output.name(), own, false).output();
        return made.rows() == rows ? made : select(made, rows);
      }
    }
    if (input.columns() == columns && input.rows() > rows) {
      return select(input, rows);
    }
    throw new IllegalArgumentException(
        "no operation of the program writes %d columns".formatted(columns));
  }

  private Buffer select(Buffer from, int rows) {
    Buffer some = new Buffer("rows of " + from.name(), rows, from.columns());
    append(new SelectTokens(from, from.rows() - rows, some));
    return some;
  }

  /** Another value of the shape of one. */
  private Buffer another(Buffer value) {
    Buffer normed = new Buffer("other " + value.name(), value.rows(), value.columns());
    Weight vector = weight(1, value.columns());
    append(new LayerNorm(value, vector, vector, 1e-6f, normed));
    return normed;
  }

  /** The program of all that was added, with the outputs wanted. */
  Program program(Iterable<Buffer> outputs) {
    Program.Builder program = new Program.Builder(input);
    operations.forEach(program::then);
    outputs.forEach(program::output);
    return program.build();
  }

  /** So many values between -1 and 1. */
  float[] random(int count) {
    return values(count, 1);
  }

  private Weight weight(Weight like) {
    return weight(like.rows(), like.columns());
  }

  /** Values that keep sums of a row near 1. */
  private Weight weight(int rows, int columns) {
    double scale = rows == 1 ? 1 : Math.sqrt(3.0 / columns);
    return Weight.of(
        "known answers", rows, columns, values(Math.multiplyExact(rows, columns), scale));
  }

  private float[] values(int count, double scale) {
    float step = (float) (scale / (1 << 23));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt() >> 8) * step;
    }
    return values;
  }
}
