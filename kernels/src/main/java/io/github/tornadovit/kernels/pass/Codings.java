package io.github.tornadovit.kernels.pass;

import io.github.tornadovit.base.Precision;
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
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a program lie as the codes that their reader multiplies, instead of float32: what
 * writes a value codes it while it is at hand, and half of the bytes or more are never written and
 * read. No number becomes another by it.
 *
 * <p>Such a value is no output of the program and has one reader, for which it is a left factor in
 * a reduced precision. In bf16 a product, a layer norm or an attention can write it; in int8, where
 * the scale is that of a whole row, a layer norm; in f16, on a device, whatever computes one there.
 */
public final class Codings {
  /** Codes of bf16 in a cache line: heads begin at whole lines, or stay in float32. */
  private static final int LINE = 32;

  private Codings() {}

  /** The values of a program that lie as float16 on a device. */
  public static Set<Buffer> halves(Program program) {
    Map<Buffer, Coding> codings = of(program);
    codings.values().removeIf(coding -> coding.precision() != Precision.F16);
    return codings.keySet();
  }

  /**
   * How a value lies.
   *
   * @param precision of its codes
   * @param factor that it is multiplied by; null if that is a value too
   */
  public record Coding(Precision precision, @Nullable Matrix factor) {}

  /** The values of a program that lie as codes. */
  public static Map<Buffer, Coding> of(Program program) {
    Map<Buffer, List<Operation>> readers = new LinkedHashMap<>();
    for (Operation operation : program.operations()) {
      for (Buffer input : operation.inputs()) {
        readers.computeIfAbsent(input, key -> new ArrayList<>()).add(operation);
      }
    }
    Map<Buffer, Coding> codings = new LinkedHashMap<>();
    for (Operation writer : program.operations()) {
      Buffer value = writer.output();
      List<Operation> reading = readers.getOrDefault(value, List.of());
      Coding wanted = reading.size() == 1 ? wanted(reading.getFirst(), value) : null;
      if (wanted != null
          && !program.outputs().contains(value)
          && canWrite(writer, wanted.precision())) {
        codings.put(value, wanted);
      }
    }
    return codings;
  }

  /** As what a reader wants a value; null for float32. */
  private static @Nullable Coding wanted(Operation reader, Buffer value) {
    return switch (reader) {
      case Linear op ->
          op.precision() != Precision.F32 && op.input().equals(value)
              ? new Coding(op.precision(), op.matrix())
              : null;
      case Attention op -> isCoded(op) ? new Coding(Precision.BF16, null) : null;
      case PatchEmbedding _,
          EmbedTokens _,
          LayerNorm _,
          Gate _,
          RotaryPositions _,
          AttentionWeights _,
          SelectTokens _,
          MeanTokens _,
          Average _ ->
          null;
    };
  }

  /** Whether an operation can write its output so: in bf16 and int8 on the host. */
  private static boolean canWrite(Operation writer, Precision precision) {
    return switch (writer) {
      case LayerNorm _ -> true;
      case Linear op ->
          switch (precision) {
            case BF16 ->
                op.epilogue() instanceof Epilogue.Activate
                    && (op.precision() == Precision.BF16 || op.precision() == Precision.INT8);
            case F16 -> op.precision() == Precision.F16;
            case F32, INT8 -> false;
          };
      case Attention op ->
          precision == Precision.F16 || (precision == Precision.BF16 && isCoded(op));
      case Gate _, SelectTokens _, MeanTokens _ -> precision == Precision.F16;
      case PatchEmbedding _, EmbedTokens _, RotaryPositions _, AttentionWeights _, Average _ ->
          false;
    };
  }

  /** Whether attention reads and writes bf16: in heads that begin at whole cache lines. */
  private static boolean isCoded(Attention attention) {
    return attention.precision() == Precision.BF16 && attention.headSize() % LINE == 0;
  }
}
