package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.HeapProblem;
import io.github.tornadovit.engine.event.PlanBuildEvent;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Encoder.Forward;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.engine.stage.Stage.HeadAttention;
import io.github.tornadovit.engine.stage.Stage.MeanAttention;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plans of a model on a backend: the one for its {@linkplain Session#answers answers}, and the
 * one for what else was asked for last. They share the weights; of inputs, and on the host of
 * activations, each has its own, so that they must not gather. For one thread at a time.
 */
final class PlanCache implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Encoder encoder;
  private final Backend backend;
  private final DeviceInfo device;
  private final int batch;
  private final Set<Stage> kept;
  private final Map<Set<Stage>, Planned> plans = new HashMap<>();

  /** A forward pass and the plan that runs it. */
  record Planned(Forward forward, Plan plan) {}

  /**
   * No plans yet.
   *
   * @param device what executes, precision included
   * @param batch the largest that plans are asked for; attention's weights come one image at a time
   * @param kept the stages whose plan stays
   */
  PlanCache(
      Checkpoint checkpoint,
      Encoder encoder,
      Backend backend,
      DeviceInfo device,
      int batch,
      Set<Stage> kept) {
    this.checkpoint = checkpoint;
    this.encoder = encoder;
    this.backend = backend;
    this.device = device;
    this.batch = batch;
    this.kept = kept;
  }

  /**
   * The plan of some stages, built if it is not there.
   *
   * @throws CheckpointException if a file of the checkpoint changed since it was opened
   * @throws BackendException if the device cannot run it, or the memory of device or host is full
   */
  Planned of(Set<Stage> stages) {
    Planned ready = plans.get(stages);
    if (ready != null) {
      return ready;
    }
    if (plans.containsKey(kept)) {
      closeAllBut(List.of(kept));
    }
    Planned built = build(stages, stages.stream().anyMatch(PlanCache::isAttention) ? 1 : batch);
    plans.put(stages, built);
    if (!stages.equals(kept)) {
      // Not before: with its last plan a device gives up the weights.
      closeAllBut(List.of(kept, stages));
    }
    return built;
  }

  private static boolean isAttention(Stage stage) {
    return stage instanceof HeadAttention || stage instanceof MeanAttention;
  }

  /** Reads the checkpoint's weights: here it shows whether the files and the memory last. */
  private Planned build(Set<Stage> stages, int maxBatch) {
    PlanBuildEvent event = new PlanBuildEvent();
    event.begin();
    Planned planned;
    try {
      Forward forward = encoder.forward(stages, backend.attendsInBf16());
      planned = new Planned(forward, backend.plan(forward.program(), maxBatch));
    } catch (OutOfMemoryError full) {
      closeBroken();
      throw new BackendException(
          device.backend(),
          "the model with a batch of %d %s, or use a smaller batch"
              .formatted(maxBatch, HeapProblem.reason(full)),
          full);
    } catch (RuntimeException | Error failure) {
      closeBroken(); // Those on the same weights, if the device failed.
      checkpoint.blame(failure);
      throw failure;
    }
    try {
      checkpoint.requireUnchanged();
    } catch (CheckpointException changed) {
      planned.plan().close();
      throw changed;
    }
    event.finish(checkpoint.name(), device, planned.forward().program(), planned.plan(), maxBatch);
    return planned;
  }

  /** Closes the plans that a failure of the device broke; returns whether there were any. */
  boolean closeBroken() {
    List<Planned> broken =
        plans.values().stream().filter(planned -> planned.plan().isBroken()).toList();
    broken.forEach(planned -> planned.plan().close());
    return plans.values().removeAll(broken);
  }

  private void closeAllBut(List<Set<Stage>> some) {
    plans.forEach(
        (stages, planned) -> {
          if (!some.contains(stages)) {
            planned.plan().close();
          }
        });
    plans.keySet().retainAll(some);
  }

  @Override
  public void close() {
    closeAllBut(List.of());
  }
}
