package io.github.tornadovit.engine;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.Set;

/**
 * The host memory of a forward pass, computed without running it. Every backend holds the weights
 * once, in float32 unless another precision is asked for, and the activations of one batch; a
 * device holds an input for each batch size besides.
 *
 * @param weightBytes of all weights, gathered position biases included
 * @param activationBytes of what is kept at once for the batch
 * @param codedBytes of both, what the CPU holds outside the heap: weights that are not float32, and
 *     the rows that they are multiplied with
 * @param flopsPerImage floating point operations of the whole model, a multiply-add counted as two;
 *     what an answer does not need is not computed
 */
public record MemoryEstimate(
    long weightBytes, long activationBytes, long codedBytes, long flopsPerImage) {

  /**
   * The estimate for the last hidden state and, where there is a classifier, the logits.
   *
   * @param imageSize that the model runs at, see {@link ImageSize}
   * @param precision of the products, whose weights take the bytes of it
   */
  public static MemoryEstimate of(
      VisionWeights weights, Extent imageSize, int batch, Precision precision) {
    Encoder encoder = new Encoder(weights, imageSize, precision);
    return of(
        encoder
            .forward(
                encoder.has(Stage.LOGITS)
                    ? Set.of(Stage.LAST_HIDDEN, Stage.LOGITS)
                    : Set.of(Stage.LAST_HIDDEN))
            .program(),
        batch);
  }

  /** The estimate for a program. */
  static MemoryEstimate of(Program program, int batch) {
    long weightBytes =
        Float.BYTES
            * program.weights().stream()
                .mapToLong(weight -> (long) weight.rows() * weight.columns())
                .sum();
    long codedWeights = 0;
    long codeBytes = 0;
    for (Operation operation : program.operations()) {
      if (operation instanceof Linear linear) {
        Matrix matrix = linear.matrix();
        int bytes = matrix.precision().bytes();
        if (bytes < Float.BYTES) {
          long elements = (long) matrix.rows() * matrix.columns();
          weightBytes -= (Float.BYTES - bytes) * elements;
          codedWeights += matrix.precision() == Precision.F16 ? 0 : bytes * elements; // On devices.
          // A row is converted before it is multiplied; all products of a plan share the room.
          long row = (long) bytes * matrix.columns();
          codeBytes = Math.max(codeBytes, row * linear.input().rows() * batch);
        }
      }
    }
    return new MemoryEstimate(
        weightBytes,
        Storage.onHost(program).bytes(batch) + codeBytes,
        codedWeights == 0 ? 0 : codedWeights + codeBytes,
        program.flops());
  }

  /** Of weights and activations together. */
  public long bytes() {
    return weightBytes + activationBytes;
  }
}
