package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.kernels.tornado.TimeModel;
import io.github.tornadovit.weights.checkpoint.Checkpoint;

/**
 * The expected time of a forward pass on a GPU that need not be here, from its data sheet and from
 * the launches that its plan would have. Runs nothing, needs no TornadoVM, and no GPU has confirmed
 * it.
 */
public final class GpuEstimate {
  private GpuEstimate() {}

  /**
   * A pass for all {@linkplain Session#answers answers}, with the batch, image size and precision
   * of the options.
   *
   * @throws CheckpointException if the checkpoint is not usable
   * @throws BackendException if no kernel of the GPU multiplies in the precision
   */
  public static PassEstimate of(Checkpoint checkpoint, ModelOptions options, Gpu gpu) {
    try {
      ImageSize size = ImageSize.of(checkpoint, options.imageSize());
      Encoder encoder = new Encoder(checkpoint.weights(), size.size(), options.precision());
      ModelStages stages =
          new ModelStages(checkpoint, checkpoint.config().withImageSize(size.size()), encoder);
      return new TimeModel(gpu).pass(encoder.forward(stages.answers()).program(), options.batch());
    } catch (RuntimeException | Error failure) {
      checkpoint.blame(failure);
      throw failure;
    }
  }
}
