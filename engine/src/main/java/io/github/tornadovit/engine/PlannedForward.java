package io.github.tornadovit.engine;

import io.github.tornadovit.engine.event.PlanBuildEvent;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Encoder.Forward;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointException;
import io.github.tornadovit.weights.file.HeapProblem;
import java.util.Set;

/**
 * A forward pass and the plan that runs it. Building one reads the checkpoint's weights: here it
 * shows whether the files and the memory last.
 */
record PlannedForward(Forward forward, Plan plan) {

  /**
   * Builds the plan for some stages.
   *
   * @throws CheckpointException if a file of the checkpoint changed since it was opened
   * @throws BackendException if the device cannot run it, or the memory of device or host is full
   */
  static PlannedForward build(
      Checkpoint checkpoint, Encoder encoder, Set<Stage> stages, Backend on, int batch) {
    PlanBuildEvent event = new PlanBuildEvent();
    event.begin();
    PlannedForward planned;
    try {
      Forward forward = encoder.forward(stages);
      planned = new PlannedForward(forward, on.plan(forward.program(), batch));
    } catch (OutOfMemoryError full) {
      throw outOfMemory(on, batch, full);
    } catch (RuntimeException | Error failure) {
      checkpoint.blame(failure);
      throw failure;
    }
    try {
      checkpoint.requireUnchanged();
    } catch (CheckpointException changed) {
      planned.plan().close();
      throw changed;
    }
    event.finish(checkpoint.name(), on, planned.forward().program(), planned.plan(), batch);
    return planned;
  }

  private static BackendException outOfMemory(Backend on, int batch, OutOfMemoryError full) {
    return new BackendException(
        on.device().backend(),
        "the model with a batch of %d %s, or use a smaller batch"
            .formatted(batch, HeapProblem.reason(full)),
        full);
  }
}
