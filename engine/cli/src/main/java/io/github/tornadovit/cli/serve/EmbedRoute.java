package io.github.tornadovit.cli.serve;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import java.util.Arrays;

/** {@code POST /embed}: a feature vector, or one per token. */
final class EmbedRoute {
  private EmbedRoute() {}

  static Reply answer(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    Feature feature = feature(call.query(), model.card());
    Shape shape = feature.shape(model.card().config());
    return Images.of(call)
        .answer(
            waiting,
            "embedding",
            image -> model.embed(image, feature),
            values -> nested(values, shape));
  }

  /** What the options {@code pooling} and {@code normalize} say. */
  static Feature feature(Query query, ModelCard card) throws Refusal {
    Pooling pooling =
        query.choice("pooling", Pooling.of(card.config()), card.poolings(), Pooling::label);
    return Feature.of(pooling).withNormalization(query.flag("normalize"));
  }

  /** {@code [D]} as it is, {@code [T, D]} as a list of vectors. */
  static Object nested(float[] values, Shape shape) {
    if (shape.rank() == 1) {
      return values;
    }
    int width = Math.toIntExact(shape.extent(1));
    float[][] rows = new float[values.length / width][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
    return rows;
  }
}
