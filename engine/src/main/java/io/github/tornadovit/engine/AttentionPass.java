package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forward passes that keep attention's weights, one image at a time. They have a plan of their own,
 * so that the ordinary forward pass, whose attention is fused, neither grows nor slows; the plan
 * for the blocks last asked for is kept.
 */
final class AttentionPass implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final VisionConfig config;
  private final Encoder encoder;
  private final Backend backend;
  private Set<Stage> stagesPlanned = Set.of();
  private @Nullable PlannedForward planned;

  AttentionPass(Checkpoint checkpoint, VisionConfig config, Encoder encoder, Backend backend) {
    this.checkpoint = checkpoint;
    this.config = config;
    this.encoder = encoder;
    this.backend = backend;
  }

  /** The weights of some blocks, counted from 0, or from the end with -1 for the last. */
  List<LayerAttention> layers(float[] pixels, int... layers) {
    List<Stage> stages = new ArrayList<>();
    for (int layer : layers) {
      stages.add(Stage.attention(index(layer)));
    }
    return run(pixels, stages).stream()
        .map(weights -> new LayerAttention(config, weights))
        .toList();
  }

  private int index(int layer) {
    if (layer < -config.layers() || layer >= config.layers()) {
      throw new IllegalArgumentException(
          "layer is %d, expected 0 to %d, or -1 to -%d from the end"
              .formatted(layer, config.layers() - 1, config.layers()));
    }
    return layer < 0 ? layer + config.layers() : layer;
  }

  /** Attention rollout; see {@link VisionModel#attentionRollout}. */
  PatchMap rollout(float[] pixels, AttentionToken token) {
    double[] row = token.shares(config);
    List<Stage> stages = new ArrayList<>();
    for (int i = config.layers() - 1; i >= 0; i--) {
      stages.add(Stage.attentionMean(i));
    }
    // A row of the product, from the last block's matrix to the first one's.
    for (float[] mean : run(pixels, stages)) {
      double[] next = new double[row.length];
      LayerAttention.addProduct(row, mean, 0, 0.5, next);
      for (int i = 0; i < row.length; i++) {
        next[i] += 0.5 * row[i];
      }
      row = next;
    }
    return PatchMap.ofTokens(config, row);
  }

  private List<float[]> run(float[] pixels, List<Stage> stages) {
    PlannedForward ready = plan(new HashSet<>(stages));
    ready.plan().run(pixels, 1);
    return stages.stream()
        .map(stage -> ready.plan().output(ready.forward().output(stage)))
        .toList();
  }

  private PlannedForward plan(Set<Stage> stages) {
    PlannedForward last = planned;
    if (last != null && stagesPlanned.equals(stages)) {
      return last;
    }
    close();
    PlannedForward made = PlannedForward.build(checkpoint, encoder, stages, backend, 1);
    stagesPlanned = stages;
    planned = made;
    return made;
  }

  @Override
  public void close() {
    PlannedForward last = planned;
    if (last != null) {
      planned = null;
      last.plan().close();
    }
  }
}
