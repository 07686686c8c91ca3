package io.github.tornadovit.engine;

import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The attention weights of a model, of one image at a time. The ordinary forward pass never has
 * them in memory: this one computes them beside it, with a plan of its own and, on a device, a
 * kernel of its own, which is kept until another stage that is no answer is asked for. Takes {@code
 * 4 H T^2} bytes per block.
 */
public final class AttentionMaps {
  private final Session session;

  AttentionMaps(Session session) {
    this.session = session;
  }

  /**
   * The weights of some encoder blocks.
   *
   * @param image pixels of one image
   * @param layers blocks, counted from 0, or from the end with -1 for the last
   * @return one per layer, in the order asked for
   * @throws IllegalArgumentException if there is no such layer, or not one image of the model's
   *     size
   */
  public List<LayerAttention> layers(Pixels image, int... layers) {
    List<Stage> stages = new ArrayList<>();
    for (int layer : layers) {
      stages.add(Stage.attention(index(layer)));
    }
    return run(image, stages).stream()
        .map(weights -> new LayerAttention(session.config(), weights))
        .toList();
  }

  private int index(int layer) {
    int count = session.config().layers();
    if (layer < -count || layer >= count) {
      throw new IllegalArgumentException(
          "layer is %d, expected 0 to %d, or -1 to -%d from the end"
              .formatted(layer, count - 1, count));
    }
    return layer < 0 ? layer + count : layer;
  }

  /**
   * Attention rollout (Abnar and Zuidema 2020, section 3): the attention of the last block followed
   * back through all blocks to the patches. Per block the mean of the heads, and half of it for the
   * residual connection: {@code A = 0.5 mean + 0.5 I}; then the rows of {@code A_L ... A_2 A_1} for
   * the token. MLPs, values and layer scales are not considered.
   *
   * @param image pixels of one image
   * @throws UnsupportedOperationException if the model has no such token
   * @throws IllegalArgumentException if it is not one image of the model's size
   */
  public PatchMap rollout(Pixels image, AttentionToken token) {
    VisionConfig config = session.config();
    double[] row = token.shares(config);
    List<Stage> stages = new ArrayList<>();
    for (int i = config.layers() - 1; i >= 0; i--) {
      stages.add(Stage.attentionMean(i));
    }
    // A row of the product, from the last block's matrix to the first one's.
    for (float[] mean : run(image, stages)) {
      double[] next = new double[row.length];
      LayerAttention.addProduct(row, mean, 0, 0.5, next);
      for (int i = 0; i < row.length; i++) {
        next[i] += 0.5 * row[i];
      }
      row = next;
    }
    return PatchMap.ofTokens(config, row);
  }

  private List<float[]> run(Pixels image, List<Stage> stages) {
    if (image.images() != 1) {
      throw new IllegalArgumentException(
          "pixels are of %d images, expected 1".formatted(image.images()));
    }
    Map<Stage, float[]> values = session.run(image, new HashSet<>(stages));
    return stages.stream().map(stage -> Objects.requireNonNull(values.get(stage))).toList();
  }
}
