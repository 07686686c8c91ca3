package io.github.tornadovit.engine;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A feature of an image: a vector, or one per token, that a model computes besides its classes.
 * Immutable.
 *
 * {@snippet :
 * Feature feature = Feature.of(Pooling.MEAN).withLayer(9).withNormalization(true);
 * }
 *
 * @param pooling how the tokens of a layer become the feature
 * @param layer which hidden state is pooled, as transformers numbers them: 0 for the embeddings, i
 *     for the output of block i counted from 1, before any final norm; null for the last hidden
 *     state, after the final norm where the architecture has one
 * @param normalized whether each vector is divided by its Euclidean length (L2)
 */
public record Feature(Pooling pooling, @Nullable Integer layer, boolean normalized) {
  /** Shorter vectors are divided by this instead, as torch's {@code functional.normalize} does. */
  private static final double SHORTEST = 1e-12;

  /**
   * @throws IllegalArgumentException if the layer is negative, or given for a pooling that is not
   *     {@linkplain Pooling#ofAnyLayer of any}
   */
  public Feature {
    if (layer != null && layer < 0) {
      throw new IllegalArgumentException(
          "layer is " + layer + ", expected 0 (the embeddings) or more");
    }
    if (layer != null && !pooling.ofAnyLayer()) {
      throw new IllegalArgumentException(
          ("layer is %d and pooling is %s, which reads the last hidden state; leave the layer"
                  + " out, or use pooling %s")
              .formatted(
                  layer,
                  pooling.label(),
                  Pooling.either(
                      Stream.of(Pooling.values()).filter(Pooling::ofAnyLayer).toList())));
    }
  }

  /** The feature of the last hidden state, not normalised. */
  public static Feature of(Pooling pooling) {
    return new Feature(pooling, null, false);
  }

  /** This feature of another hidden state; null for the last. */
  public Feature withLayer(@Nullable Integer layer) {
    return new Feature(pooling, layer, normalized);
  }

  /** This feature with each vector divided by its Euclidean length, or as it comes. */
  public Feature withNormalization(boolean normalized) {
    return new Feature(pooling, layer, normalized);
  }

  /** Where in the forward pass it is. */
  public Stage stage() {
    return switch (pooling) {
      case CLS -> layer == null ? Stage.CLASS_TOKEN : Stage.classToken(layer);
      case MEAN -> layer == null ? Stage.PATCH_MEAN : Stage.patchMean(layer);
      case TOKENS -> layer == null ? Stage.LAST_HIDDEN : Stage.hidden(layer);
      case POOLED -> Stage.POOLED;
      case POOLER -> Stage.POOLER;
      case PROJECTION -> Stage.PROJECTION;
    };
  }

  /**
   * Its shape for one image: {@code [D]}, {@code [pooled size]}, {@code [pooler size]}, {@code
   * [projection size]} or {@code [T, D]}.
   */
  public Shape shape(VisionConfig config) {
    return switch (pooling) {
      case CLS, MEAN -> Shape.of(config.hiddenSize());
      case POOLED -> Shape.of(config.pooledSize());
      case POOLER -> Shape.of(config.poolerSize());
      case PROJECTION -> Shape.of(config.projectionSize());
      case TOKENS -> Shape.of(config.tokens(), config.hiddenSize());
    };
  }

  /** Normalises vectors of {@code [.., width]} in place, if that is asked for. */
  void finish(float[] values, int width) {
    if (!normalized) {
      return;
    }
    for (int row = 0; row < values.length; row += width) {
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        sum += (double) values[i] * values[i];
      }
      double length = Math.max(Math.sqrt(sum), SHORTEST);
      for (int i = row; i < row + width; i++) {
        values[i] = (float) (values[i] / length);
      }
    }
  }

  /** As messages name it: {@code mean of hidden_states[9], normalised}. */
  @Override
  public String toString() {
    return pooling.label()
        + (layer == null ? "" : " of hidden_states[" + layer + "]")
        + (normalized ? ", normalised" : "");
  }
}
