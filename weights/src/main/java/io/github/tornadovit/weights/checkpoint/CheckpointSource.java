package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.base.CheckpointException;

/**
 * A checkpoint by another name than its folder's: one that comes with the engine, or one that is
 * downloaded first, such as {@code HubModel} of the module {@code io.github.tornadovit.hub}.
 */
@FunctionalInterface
public interface CheckpointSource {
  /**
   * Opens the checkpoint, once it is there; the caller closes it. A source that has to fetch it may
   * fail with exceptions of its own.
   *
   * @throws CheckpointException if it is no usable checkpoint
   */
  Checkpoint open();
}
