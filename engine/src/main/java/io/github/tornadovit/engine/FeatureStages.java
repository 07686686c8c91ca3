package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.tensor.Shape;
import java.util.List;

/** Where in a model's forward pass a feature is, and what is made of the values there. */
final class FeatureStages {
  /** Shorter vectors are divided by this instead, as torch's {@code functional.normalize} does. */
  private static final double SHORTEST = 1e-12;

  private final String model;
  private final VisionConfig config;
  private final Encoder encoder;

  FeatureStages(String model, VisionConfig config, Encoder encoder) {
    this.model = model;
    this.config = config;
    this.encoder = encoder;
  }

  /** The stage that holds a feature; refuses what the model has not. */
  Stage stage(Feature feature) {
    Integer layer = feature.layer();
    if (layer != null && layer > config.layers()) {
      throw new IllegalArgumentException(
          "%s: layer is %d, expected 0 (the embeddings) to %d (after the last block)"
              .formatted(model, layer, config.layers()));
    }
    Stage stage =
        switch (feature.pooling()) {
          case CLS -> layer == null ? Stage.CLASS_TOKEN : Stage.classToken(layer);
          case MEAN -> layer == null ? Stage.PATCH_MEAN : Stage.patchMean(layer);
          case TOKENS -> layer == null ? Stage.LAST_HIDDEN : Stage.hidden(layer);
          case POOLER -> Stage.POOLER;
        };
    if (!encoder.has(stage)) {
      throw new UnsupportedOperationException(
          model
              + ": the checkpoint has no pooler (tensor 'pooler.dense.weight'); use pooling cls or"
              + " mean");
    }
    return stage;
  }

  /** {@code [D]}, {@code [pooler size]} or {@code [T, D]}. */
  Shape shape(Feature feature) {
    stage(feature);
    return switch (feature.pooling()) {
      case CLS, MEAN -> Shape.of(config.hiddenSize());
      case POOLER -> Shape.of(config.poolerSize());
      case TOKENS -> Shape.of(config.tokens(), config.hiddenSize());
    };
  }

  /** Normalises the stage's values in place, if that is asked for. */
  List<float[]> finish(Feature feature, List<float[]> images) {
    if (feature.normalized()) {
      Shape shape = shape(feature);
      int width = Math.toIntExact(shape.extent(shape.rank() - 1));
      images.forEach(values -> normalize(values, width));
    }
    return images;
  }

  /** Divides each row of {@code [.., width]} by its length, which is summed in double. */
  private static void normalize(float[] values, int width) {
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
}
