package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation.Changed;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation.Entry;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Adds up what batches give in several precisions, float32 first. */
final class PrecisionTally {
  private final List<VisionModel> models;
  private final List<Tally> tallies;
  private final List<Agreement> agreements;
  private final List<Changed> changed = new ArrayList<>();

  PrecisionTally(List<VisionModel> models) {
    this.models = models;
    int batch = models.stream().mapToInt(model -> model.session().maxBatch()).min().orElseThrow();
    tallies = models.stream().map(model -> new Tally(model.labels(), batch)).toList();
    agreements = new ArrayList<>(Collections.nCopies(models.size(), Agreement.NONE));
  }

  /** Adds the nanoseconds that the forward pass of a batch took. */
  void forward(int model, int images, long nanos) {
    tallies.get(model).forward(images, nanos);
  }

  /** Adds an image: the logits {@code [K]} of each model, or why there are none. */
  void add(Outcome<LabelledImage, List<float[]>> outcome) {
    for (int i = 0; i < models.size(); i++) {
      tallies.get(i).add(outcome, i);
    }
    List<float[]> logits = outcome.result();
    if (logits == null) {
      return;
    }
    ImageAgreement.add(logits, agreements);
    int expected = Agreement.top(logits.getFirst());
    for (int i = 1; i < models.size(); i++) {
      int predicted = Agreement.top(logits.get(i));
      if (predicted != expected) {
        List<String> labels = models.get(i).labels();
        changed.add(
            new Changed(
                outcome.item().file(),
                labels.get(outcome.item().label()),
                labels.get(expected),
                precision(i),
                labels.get(predicted)));
      }
    }
  }

  private Precision precision(int model) {
    return models.get(model).session().options().precision();
  }

  /**
   * The result, up to now.
   *
   * @param batch images per forward pass
   */
  PrecisionEvaluation result(int batch) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      VisionModel model = models.get(i);
      ForwardSpeed forward = tallies.get(i).forwardSpeed();
      Scoring scoring = tallies.get(i).scoring();
      entries.add(
          new Entry(
              precision(i),
              model.session().device(),
              model.session().reason(),
              scoring.accuracy(),
              scoring.loss(),
              agreements.get(i),
              forward,
              model.session().memoryEstimate()));
    }
    Tally first = tallies.getFirst();
    return new PrecisionEvaluation(
        batch, first.scoring().images(), entries, changed, first.unreadable());
  }
}
