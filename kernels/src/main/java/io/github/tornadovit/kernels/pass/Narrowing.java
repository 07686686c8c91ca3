package io.github.tornadovit.kernels.pass;

import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Program.Section;
import io.github.tornadovit.kernels.program.RowOperation;
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

  /** What holds the rows of a value that were computed, where not all were. */
  private final Map<Buffer, Part> parts = new HashMap<>();

  private record Part(Buffer buffer, Rows rows) {}

  private Narrowing() {}

  /** The program with the same outputs, to float32's rounding, and no work that none needs. */
  public static Program apply(Program program) {
    return new Narrowing().narrow(program, rowsRead(program));
  }

  /** Of each operation, in order, what is read of its output. */
  private static List<Rows> rowsRead(Program program) {
    Map<Buffer, Rows> read = new HashMap<>();
    program.outputs().forEach(output -> read.put(output, Rows.ALL));
    List<Rows> ofOperations = new ArrayList<>();
    for (Operation operation : program.operations().reversed()) {
      Rows rows = read.getOrDefault(operation.output(), Rows.NONE);
      ofOperations.add(rows);
      if (!rows.equals(Rows.NONE)) {
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
      case RowOperation ofRows -> commutes(ofRows, rows) ? rows : Rows.ALL;
      case RotaryPositions _, Attention _, AttentionWeights _, EmbedTokens _, PatchEmbedding _ ->
          Rows.ALL;
    };
  }

  /** Whether the operation of rows gives those rows of its output. */
  private static boolean commutes(RowOperation operation, Rows rows) {
    return !rows.hasMean() || operation.isAffine();
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
    if (operation instanceof RowOperation ofRows
        && rows.isPartOf(output.rows())
        && commutes(ofRows, rows)) {
      Buffer part = holding(output, rows);
      emitted.add(ofRows.on(input -> part(input, rows), part));
      parts.put(output, new Part(part, rows));
    } else {
      emitted.add(onParts(operation));
    }
  }

  /** What reads some rows reads them where they are. */
  private Operation onParts(Operation operation) {
    return switch (operation) {
      case SelectTokens select ->
          new SelectTokens(computed(select.input()), select.first(), select.output());
      case MeanTokens mean -> new MeanTokens(computed(mean.input()), mean.first(), mean.output());
      case RowOperation _,
          RotaryPositions _,
          Attention _,
          AttentionWeights _,
          EmbedTokens _,
          PatchEmbedding _ ->
          operation;
    };
  }

  private Buffer computed(Buffer buffer) {
    Part part = parts.get(buffer);
    return part == null ? buffer : part.buffer();
  }

  /** A value that holds some rows of another. */
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
