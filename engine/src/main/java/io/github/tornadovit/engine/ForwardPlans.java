package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plans of a model: one that computes its {@linkplain #answers answers}, whichever of them is
 * asked for, and one for what else was asked for last. A device holds the weights once per plan, so
 * that plans must not gather. For one thread at a time.
 */
final class ForwardPlans implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Encoder encoder;
  private final int batch;
  private final Set<Stage> answers;
  private final Map<Set<Stage>, PlannedForward> plans = new HashMap<>();

  /** No plans yet. */
  ForwardPlans(Checkpoint checkpoint, Encoder encoder, int batch) {
    this.checkpoint = checkpoint;
    this.encoder = encoder;
    this.batch = batch;
    this.answers = answers(encoder);
  }

  /**
   * All vectors that the model can give, but the mean of the patches only where it classifies:
   * elsewhere the last block computes no patches.
   */
  private static Set<Stage> answers(Encoder encoder) {
    Set<Stage> vectors =
        Stream.of(Stage.LOGITS, Stage.CLASS_TOKEN, Stage.POOLER)
            .filter(encoder::has)
            .collect(Collectors.toCollection(HashSet::new));
    if (encoder.classifiesByMean()) {
      vectors.add(Stage.PATCH_MEAN);
    }
    return Set.copyOf(vectors);
  }

  /** The stages of the plan that stays: their differences cost next to nothing. */
  Set<Stage> answers() {
    return answers;
  }

  /** The stages that are computed where one is asked for. */
  Set<Stage> stagesWith(Stage stage) {
    return answers.contains(stage) ? answers : Set.of(stage);
  }

  /** The plan of some stages, built on the backend if it is not there. */
  PlannedForward of(Set<Stage> stages, Backend backend) {
    PlannedForward ready = plans.get(stages);
    if (ready != null) {
      return ready;
    }
    closeAllBut(answers);
    PlannedForward built = PlannedForward.build(checkpoint, encoder, stages, backend, batch);
    plans.put(stages, built);
    return built;
  }

  private void closeAllBut(Set<Stage> kept) {
    plans.forEach(
        (stages, planned) -> {
          if (!stages.equals(kept)) {
            planned.plan().close();
          }
        });
    plans.keySet().retainAll(Set.of(kept));
  }

  @Override
  public void close() {
    plans.values().forEach(planned -> planned.plan().close());
  }
}
