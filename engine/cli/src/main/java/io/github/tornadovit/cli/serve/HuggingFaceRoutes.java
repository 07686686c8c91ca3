package io.github.tornadovit.cli.serve;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Hugging Face's inference protocol: the tasks {@code image-classification} and {@code
 * feature-extraction}, as {@code huggingface_hub.InferenceClient} asks for them.
 */
final class HuggingFaceRoutes {
  private static final String CLASSIFY = "image-classification";
  private static final String EMBED = "feature-extraction";

  private HuggingFaceRoutes() {}

  /**
   * {@code POST /}: the task is not named, as the client names none. {@code image_classification}
   * sends an image as it is, or JSON with parameters; {@code feature_extraction} sends JSON
   * without.
   */
  static Reply root(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    HuggingFaceRequest request = HuggingFaceRequest.read(call.body(), call.limits().images());
    boolean classify = model.card().classifies() && (request.named() || !request.json());
    return classify
        ? classify(request, call.query(), waiting, model)
        : embed(request, call.query(), waiting, model);
  }

  /** {@code POST /pipeline/{task}}: the task is named. */
  static Reply task(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    String task = call.place("task");
    if (!task.equals(CLASSIFY) && !task.equals(EMBED)) {
      throw new Refusal(
          404, "task '%s' is not known here, expected %s or %s".formatted(task, CLASSIFY, EMBED));
    }
    boolean classify = task.equals(CLASSIFY);
    HuggingFaceRequest request = HuggingFaceRequest.read(call.body(), call.limits().images());
    return classify
        ? classify(request, call.query(), waiting, model)
        : embed(request, call.query(), waiting, model);
  }

  private static Reply classify(
      HuggingFaceRequest request, Query query, Waiting waiting, ServedModel model)
      throws Refusal, InterruptedException {
    ClassifyRoute.requireClassifier(model);
    if (request.normalize() != null || !query.isEmpty()) {
      throw Refusal.bad("pooling and normalize are for " + EMBED);
    }
    int topK = request.topK() == null ? ClassifyRoute.DEFAULT_TOP_K : request.topK();
    Function<Classification, List<Prediction>> scoring =
        switch (request.function() == null ? "" : request.function()) {
          case "" -> answer -> answer.top(topK);
          case "softmax" ->
              answer ->
                  Classification.of(model.card().config().labels(), answer.logits()).top(topK);
          case "sigmoid" -> answer -> scored(answer, logit -> 1 / (1 + Math.exp(-logit)), topK);
          case "none" -> answer -> scored(answer, logit -> logit, topK);
          default ->
              throw Refusal.bad(
                  "function_to_apply is '%s', expected softmax, sigmoid or none"
                      .formatted(request.function()));
        };
    List<List<Map<String, Object>>> answers = new ArrayList<>();
    for (Classification answer : waiting.all(request.images(), model::classify)) {
      answers.add(scoring.apply(answer).stream().map(HuggingFaceRoutes::element).toList());
    }
    return Reply.json(request.list() ? answers : answers.getFirst());
  }

  private static Map<String, Object> element(Prediction prediction) {
    Map<String, Object> element = new LinkedHashMap<>();
    element.put("label", prediction.label());
    element.put("score", prediction.score());
    return element;
  }

  /** Classes by a function of their logits alone, best first. */
  private static List<Prediction> scored(
      Classification answer, Function<Double, Double> function, int topK) {
    float[] logits = answer.logits();
    return answer.predictions().stream()
        .map(
            p ->
                new Prediction(
                    p.id(), p.label(), function.apply((double) logits[p.id()]).floatValue()))
        .sorted(Comparator.comparingDouble(Prediction::score).reversed())
        .limit(topK)
        .toList();
  }

  /** {@code [images, D]}, or {@code [images, T, D]} for all tokens. */
  private static Reply embed(
      HuggingFaceRequest request, Query query, Waiting waiting, ServedModel model)
      throws Refusal, InterruptedException {
    if (request.topK() != null || request.function() != null) {
      ClassifyRoute.requireClassifier(model);
      throw Refusal.bad("top_k and function_to_apply are for " + CLASSIFY);
    }
    Feature asked = EmbedRoute.feature(query, model.card());
    Feature feature =
        request.normalize() == null ? asked : asked.withNormalization(request.normalize());
    Shape shape = feature.shape(model.card().config());
    List<float[]> features = waiting.all(request.images(), image -> model.embed(image, feature));
    return Reply.json(
        IntStream.range(0, features.size())
            .mapToObj(i -> EmbedRoute.nested(features.get(i), shape))
            .toList());
  }
}
