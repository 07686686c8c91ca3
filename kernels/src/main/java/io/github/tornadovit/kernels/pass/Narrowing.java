package io.github.tornadovit.kernels.pass;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
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
import io.github.tornadovit.kernels.program.Program.Section;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes only the rows that the outputs depend on. Operations that none depends on are left out;
 * those that work row by row run on the first rows alone where no others are read (a classifier
 * reads the class token of the last block: a sixteenth less of a ViT's arithmetic); and where only
 * the mean of rows is read, a linear map takes the mean of its inputs, {@code mean(W x + b) = W
 * mean(x) + b} (a BEiT that classifies by the mean of its patches: a thirty-sixth less).
 */
public final class Narrowing {
  private final List<Section> sections = new ArrayList<>();
  private final List<Operation> emitted = new ArrayList<>();

  /** What holds the rows of a buffer that were computed, where not all were. */
  private final Map<Buffer, Part> parts = new HashMap<>();

  private record Part(Buffer buffer, Rows rows) {}

  private Narrowing() {}

  /** The program with the same outputs, to float32's rounding, and no work that none needs. */
  public static Program apply(Program program) {
    return new Narrowing().narrow(program, rowsRead(program));
  }

  /** Of each operation, in order, what is read of its output afterwards. */
  private static List<Rows> rowsRead(Program program) {
    Map<Buffer, Rows> read = new HashMap<>();
    program.outputs().forEach(output -> read.put(output, Rows.ALL));
    List<Rows> ofOperations = new ArrayList<>();
    for (Operation operation : program.operations().reversed()) {
      Rows rows = read.getOrDefault(operation.output(), Rows.NONE);
      ofOperations.add(rows);
      if (!rows.equals(Rows.NONE)) {
        read.remove(operation.output()); // Its value before this operation is another one.
        Rows ofInputs = rowsOfInputs(operation, rows);
        operation.inputs().forEach(input -> read.merge(input, ofInputs, Rows::and));
      }
    }
    return ofOperations.reversed();
  }

  /** What an operation reads of its inputs, if of its output some rows are read. */
  private static Rows rowsOfInputs(Operation operation, Rows rows) {
    return switch (operation) {
      case SelectTokens select -> Rows.first(select.first() + select.output().rows());
      case MeanTokens mean -> Rows.firstAndMean(mean.first());
      case Linear _, LayerNorm _, Copy _, Average _ -> commutes(operation, rows) ? rows : Rows.ALL;
      case Attention _, AttentionWeights _, EmbedTokens _, PatchEmbedding _ -> Rows.ALL;
    };
  }

  /** Whether the operation of rows gives those rows of its output. */
  private static boolean commutes(Operation operation, Rows rows) {
    return switch (operation) {
      case Linear linear ->
          !rows.hasMean()
              || switch (linear.epilogue()) {
                case Epilogue.Activate(Activation activation) -> activation == Activation.IDENTITY;
                case Epilogue.Residual _ -> true;
              };
      case LayerNorm _ -> !rows.hasMean();
      case Copy _, Average _ -> true;
      case Attention _,
          AttentionWeights _,
          EmbedTokens _,
          MeanTokens _,
          PatchEmbedding _,
          SelectTokens _ ->
          false;
    };
  }

  private Program narrow(Program program, List<Rows> read) {
    int index = 0;
    for (Section section : program.sections()) {
      for (Operation operation : section.operations()) {
        Rows rows = read.get(index++);
        if (!rows.equals(Rows.NONE)) {
          emit(operation, rows);
        }
      }
      if (!emitted.isEmpty()) {
        sections.add(new Section(section.name(), emitted));
        emitted.clear();
      }
    }
    return new Program(program.input(), sections, program.outputs());
  }

  private void emit(Operation operation, Rows rows) {
    Buffer output = operation.output();
    if (!rows.isPartOf(output.rows()) || !commutes(operation, rows)) {
      emitted.add(onParts(operation));
      parts.remove(output);
      return;
    }
    Buffer part = operation.inputs().contains(output) ? part(output, rows) : holding(output, rows);
    emitted.add(
        switch (operation) {
          case Linear linear -> linear.on(part(linear.input(), rows), part);
          case LayerNorm norm -> norm.on(part(norm.input(), rows), part);
          case Copy copy -> new Copy(part(copy.input(), rows), part);
          case Average average ->
              new Average(part(average.first(), rows), part(average.second(), rows), part);
          default -> throw new IllegalStateException("no operation of rows: " + operation);
        });
    parts.put(output, new Part(part, rows));
  }

  /** What reads some rows reads them where they are. */
  private Operation onParts(Operation operation) {
    return switch (operation) {
      case SelectTokens select when parts.containsKey(select.input()) ->
          new SelectTokens(computed(select.input()), select.first(), select.output());
      case MeanTokens mean when parts.containsKey(mean.input()) ->
          new MeanTokens(computed(mean.input()), mean.first(), mean.output());
      default -> operation;
    };
  }

  private Buffer computed(Buffer buffer) {
    Part part = parts.get(buffer);
    return part == null ? buffer : part.buffer();
  }

  /** A buffer that holds some rows of another. */
  private Buffer part(Buffer whole, Rows rows) {
    Part part = parts.get(whole);
    if (part != null && part.rows().equals(rows)) {
      return part.buffer();
    }
    Buffer some = holding(whole, rows);
    emitted.add(
        rows.hasMean()
            ? new MeanTokens(computed(whole), rows.first(), some)
            : new SelectTokens(computed(whole), 0, some));
    return some;
  }

  private static Buffer holding(Buffer whole, Rows rows) {
    String name =
        "%s_first_%d%s".formatted(whole.name(), rows.first(), rows.hasMean() ? "_and_mean" : "");
    return new Buffer(name, rows.count(), whole.columns());
  }
}
