package io.github.tornadovit.cli.serve;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes the outputs that an {@link InferRequest} asks for, each of all images. */
final class InferAnswer {
  static final String LOGITS = "logits";
  static final String SCORES = "scores";
  static final String LABEL = "label";

  private final List<Input> images;
  private final ServedModel model;
  private final Waiting waiting;
  private final Map<String, List<float[]>> features = new LinkedHashMap<>();
  private List<Classification> classes = List.of();

  InferAnswer(List<Input> images, ServedModel model, Waiting waiting) {
    this.images = images;
    this.model = model;
    this.waiting = waiting;
  }

  /**
   * What a model offers, and what it gives unasked comes first: {@code logits}, {@code scores} and
   * {@code label} of a classifier, and the features by their pooling.
   */
  static List<String> names(ModelCard card) {
    List<String> names = new ArrayList<>();
    if (card.classifies()) {
      names.addAll(List.of(LOGITS, SCORES, LABEL));
    }
    card.poolings().stream().map(Pooling::label).forEach(names::add);
    return names;
  }

  /** Those that are asked for, or the model's defaults. */
  static List<InferOutput> asked(InferRequest request, ModelCard card) throws Refusal {
    if (request.outputs().isEmpty()) {
      List<String> defaults =
          card.classifies()
              ? List.of(LOGITS, SCORES, LABEL)
              : List.of(Pooling.of(card.config()).label());
      return defaults.stream().map(name -> new InferOutput(name, 0, null)).toList();
    }
    for (InferOutput output : request.outputs()) {
      if (!names(card).contains(output.name())) {
        throw Refusal.bad(
            "the model has no output '%s', expected %s".formatted(output.name(), names(card)));
      }
      if (output.classes() > 0 && !isByClass(output.name())) {
        throw Refusal.bad("classification is of logits and scores, not " + output.name());
      }
    }
    return request.outputs();
  }

  private static boolean isByClass(String output) {
    return output.equals(LOGITS) || output.equals(SCORES);
  }

  /** The shape of an output of one image, behind the number of images; empty for {@code [N]}. */
  static List<Long> imageShape(String output, ModelCard card) {
    if (output.equals(LABEL)) {
      return List.of();
    }
    if (isByClass(output)) {
      return List.of((long) card.config().labels().size());
    }
    Shape shape = feature(output, card).shape(card.config());
    List<Long> extents = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      extents.add(shape.extent(i));
    }
    return extents;
  }

  private static Feature feature(String output, ModelCard card) {
    return Feature.of(
        card.poolings().stream()
            .filter(pooling -> pooling.label().equals(output))
            .findFirst()
            .orElseThrow());
  }

  /** Values of an output: texts if the texts are there, else numbers. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or prints it.
  record Values(List<String> texts, float[] numbers, List<Long> shape) {}

  Values values(InferOutput output) throws Refusal, InterruptedException {
    List<Long> shape = new ArrayList<>();
    shape.add((long) images.size());
    if (output.classes() > 0) {
      List<String> texts =
          classes().stream().flatMap(answer -> best(answer, output).stream()).toList();
      shape.add((long) texts.size() / images.size());
      return new Values(texts, new float[0], shape);
    }
    shape.addAll(imageShape(output.name(), model.card()));
    if (output.name().equals(LABEL)) {
      return new Values(
          classes().stream().map(answer -> answer.top().label()).toList(), new float[0], shape);
    }
    List<float[]> rows =
        isByClass(output.name())
            ? classes().stream().map(answer -> byClass(answer, output.name())).toList()
            : features(output.name());
    return new Values(List.of(), joined(rows), shape);
  }

  private static float[] byClass(Classification answer, String output) {
    float[] values = answer.logits();
    if (output.equals(SCORES)) {
      answer.predictions().forEach(prediction -> values[prediction.id()] = prediction.score());
    }
    return values;
  }

  /** {@code value:index:label}, best first. */
  private static List<String> best(Classification answer, InferOutput output) {
    float[] values = byClass(answer, output.name());
    List<String> texts = new ArrayList<>();
    for (Prediction prediction : answer.top(output.classes())) {
      texts.add("%s:%d:%s".formatted(values[prediction.id()], prediction.id(), prediction.label()));
    }
    return texts;
  }

  private static float[] joined(List<float[]> rows) {
    int width = rows.getFirst().length;
    float[] all = new float[Math.multiplyExact(width, rows.size())];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return all;
  }

  private List<Classification> classes() throws Refusal, InterruptedException {
    if (classes.isEmpty()) {
      classes = waiting.all(images, model::classify);
    }
    return classes;
  }

  private List<float[]> features(String output) throws Refusal, InterruptedException {
    List<float[]> found = features.get(output);
    if (found == null) {
      Feature feature = feature(output, model.card());
      found = waiting.all(images, image -> model.embed(image, feature));
      features.put(output, found);
    }
    return found;
  }
}
