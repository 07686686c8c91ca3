package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.Set;

/**
 * What a forward pass takes on the host, computed without running it. Every backend holds the
 * weights once, in float32 unless another precision is asked for, and the activations of one batch;
 * a device holds an input for each batch size besides.
 *
 * @param weightBytes of all weights as float32, gathered position biases included
 * @param activationBytes of what is kept at once for the batch
 * @param flopsPerImage floating point operations of the whole model, a multiply-add counted as two;
 *     what an answer does not need is not computed
 */
public record MemoryEstimate(long weightBytes, long activationBytes, long flopsPerImage) {

  /** The estimate for the last hidden state and, where there is a classifier, the logits. */
  public static MemoryEstimate of(VisionWeights weights, int batch) {
    Encoder encoder = new Encoder(weights);
    Set<Stage> stages =
        encoder.has(Stage.LOGITS)
            ? Set.of(Stage.LAST_HIDDEN, Stage.LOGITS)
            : Set.of(Stage.LAST_HIDDEN);
    Program program = encoder.forward(stages).program();
    long weightElements =
        program.weights().stream()
            .mapToLong(weight -> (long) weight.rows() * weight.columns())
            .sum();
    return new MemoryEstimate(
        weightElements * Float.BYTES, Storage.onHost(program).bytes(batch), program.flops());
  }
}
