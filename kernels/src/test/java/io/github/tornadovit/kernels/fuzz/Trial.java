package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.Map;

/**
 * An operation with its arguments, ready to run on anything.
 *
 * @param operation what runs
 * @param batch images
 * @param contents of the buffers that it reads: {@code [batch, rows, columns]}
 * @param sameKind whether a NaN or infinity has to be the reference's own, not just one of them
 * @param bounds how far each element of the output may be from the reference's
 */
public record Trial(
    Operation operation,
    int batch,
    Map<Buffer, float[]> contents,
    boolean sameKind,
    Bounds bounds) {

  /** Computed once per trial and kind of arithmetic. */
  interface Bounds {
    /**
     * All bounds.
     *
     * @param smallest the smallest number that is not taken for zero
     * @return one bound per element of the batch; {@link SumBound#FREE} where anything is right
     */
    double[] of(double smallest);
  }

  /** A trial whose NaN and infinities are the reference's own. */
  Trial(Operation operation, int batch, Map<Buffer, float[]> contents, Bounds bounds) {
    this(operation, batch, contents, true, bounds);
  }

  /** Elements of the output. */
  public int outputSize() {
    return batch * operation.output().size();
  }
}
