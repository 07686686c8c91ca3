package io.github.tornadovit.cli.serve;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.AttentionToken;
import io.github.tornadovit.engine.LayerAttention;
import io.github.tornadovit.engine.PatchMap;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.HeatMap;
import io.github.tornadovit.engine.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /attention}: what the model looks at, as a picture or as numbers. */
final class AttentionRoute {
  private AttentionRoute() {}

  /**
   * A question about an image.
   *
   * @param layer from 0; null for rollout through all layers
   * @param head from 0; null for the mean of all
   * @param token whose attention
   */
  record Question(@Nullable Integer layer, @Nullable Integer head, AttentionToken token) {

    /** Computes the answer, in the caller's thread. */
    Answer answer(VisionModel model, Input.File image) {
      RgbImage seen = model.imageProcessor().read(image.bytes(), image.name());
      RgbImage view = model.imageProcessor().view(seen);
      var pixels = model.imageProcessor().normalize(view);
      if (layer == null) {
        return new Answer(view, model.attention().rollout(pixels, token));
      }
      LayerAttention attention = model.attention().layers(pixels, layer).getFirst();
      return new Answer(view, head == null ? attention.mean(token) : attention.map(token, head));
    }
  }

  /**
   * Where the model looks.
   *
   * @param view the image as the model saw it
   * @param map attention by patch
   */
  record Answer(RgbImage view, PatchMap map) {}

  static Reply answer(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    Query query = call.query();
    Question question = question(query, model.card());
    boolean picture = query.choice("format", "png", "png", "json").equals("png");
    Answer answer = waiting.one(model.attention(Images.of(call).single(), question));
    return picture ? picture(answer) : numbers(answer.map(), question);
  }

  private static Question question(Query query, ModelCard card) throws Refusal {
    AttentionToken token =
        query.choice("token", AttentionToken.of(card.config()), card.tokens(), ModelCard::label);
    boolean rollout = query.flag("rollout");
    if (rollout && (query.text("layer") != null || query.text("head") != null)) {
      throw Refusal.bad("rollout goes through all layers and heads: no layer, no head");
    }
    int layers = card.config().layers();
    int layer = query.number("layer", -1, -layers, layers - 1);
    int head = query.number("head", -1, 0, card.config().heads() - 1);
    return new Question(
        rollout ? null : Math.floorMod(layer, layers), head < 0 ? null : head, token);
  }

  private static Reply picture(Answer answer) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      HeatMap.writePng(answer.map().over(answer.view()), png);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return Reply.of(200, "image/png", png.toByteArray());
  }

  private static Reply numbers(PatchMap map, Question question) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("token", ModelCard.label(question.token()));
    if (question.layer() != null) {
      json.put("layer", question.layer());
    }
    if (question.head() != null) {
      json.put("head", question.head());
    }
    json.put("rows", map.rows());
    json.put("columns", map.columns());
    json.put("attention", EmbedRoute.nested(map.toArray(), Shape.of(map.rows(), map.columns())));
    return Reply.json(json);
  }
}
