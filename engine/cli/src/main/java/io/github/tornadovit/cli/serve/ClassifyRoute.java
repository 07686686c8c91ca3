package io.github.tornadovit.cli.serve;

/** {@code POST /classify}: labels with scores, best first. */
final class ClassifyRoute {
  static final int DEFAULT_TOP_K = 5;

  private ClassifyRoute() {}

  static Reply answer(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    int topK = call.query().number("top_k", DEFAULT_TOP_K, 1, Integer.MAX_VALUE);
    requireClassifier(model);
    return Images.of(call)
        .answer(waiting, "predictions", model::classify, answer -> answer.top(topK));
  }

  static void requireClassifier(ServedModel model) throws Refusal {
    if (!model.card().classifies()) {
      throw Refusal.bad(
          "the model has no classifier, so no labels; it has features: /embed, feature-extraction");
    }
  }
}
