package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Program;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a plan that lie as codes, see {@link Codings}; those of other plans are none. */
public final class CodedValues {
  private final Map<Buffer, RowCoder> coders = new HashMap<>();

  /** No values. */
  public CodedValues() {}

  /**
   * Room for the coded values of a program.
   *
   * @param codings of the program
   * @param device that has packed what they are multiplied by
   */
  public CodedValues(
      Program program, Map<Buffer, Codings.Coding> codings, CpuDevice device, int maxBatch) {
    Storage storage = Storage.onHost(program, codings::containsKey);
    int[] rows = new int[storage.sizes().size()];
    long[] bytes = new long[rows.length];
    codings.forEach(
        (value, coding) -> {
          int array = storage.array(value);
          int all = Math.multiplyExact(maxBatch, value.rows());
          rows[array] = Math.max(rows[array], all);
          bytes[array] =
              Math.max(bytes[array], (long) all * stride(value, device.coded(coding.precision())));
        });
    MemorySegment[] memory = new MemorySegment[rows.length];
    int[][] ends = new int[rows.length][];
    for (int array = 0; array < rows.length; array++) {
      memory[array] = CacheLines.room(bytes[array]);
      ends[array] = new int[rows[array] * RowCodes.END];
    }
    codings.forEach(
        (value, coding) -> {
          int array = storage.array(value);
          CodedLoops loops = device.coded(coding.precision());
          RowCodes codes = new RowCodes(memory[array], stride(value, loops), ends[array]);
          Matrix factor = coding.factor();
          float[] factors = factor == null ? null : device.codedPanels(factor).factors();
          coders.put(value, new RowCoder(loops, factors, value.columns(), codes));
        });
  }

  private static int stride(Buffer value, CodedLoops loops) {
    return RowCodes.stride(loops.rowBytes(value.columns()));
  }

  /** What writes a value, and where it lies; null for one that is not coded. */
  public @Nullable RowCoder of(Buffer value) {
    return coders.get(value);
  }
}
