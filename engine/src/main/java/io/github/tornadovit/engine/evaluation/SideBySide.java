package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Preparation;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Sink;
import io.github.tornadovit.engine.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One checkpoint loaded several times, in precisions or on devices: each image is decoded once, and
 * its batch goes through one after the other. Nothing but the batch in work is kept.
 */
final class SideBySide {
  private final List<VisionModel> models;
  private final Timer timer;

  /** Is told how long a forward pass of a model took. */
  interface Timer {
    void forward(int model, int images, long nanos);
  }

  /**
   * Models that take the same pixels.
   *
   * @param models at least one
   */
  SideBySide(List<VisionModel> models, Timer timer) {
    this.models = List.copyOf(models);
    this.timer = timer;
  }

  /** Images of a forward pass: as many as all of them take. */
  int batch(int images) {
    int most = models.stream().mapToInt(model -> model.session().maxBatch()).min().orElseThrow();
    return Math.min(most, Math.max(images, 1));
  }

  /** Runs the passes that images need once before they are timed. */
  void warmUp(int images) {
    int batch = batch(images);
    for (VisionModel model : models) {
      model.session().warmUp(batch);
      if (images % batch > 0) {
        model.session().warmUp(images % batch);
      }
    }
  }

  /** Runs every image; its result is the logits {@code [K]} of each model. */
  <T, X extends Exception> void run(
      List<T> items, Preparation<T> preparation, Sink<T, List<float[]>, X> sink)
      throws X, InterruptedException {
    ImagePipeline.of(models.getFirst(), batch(items.size()), this::forward)
        .run(items, preparation, sink);
  }

  private List<List<float[]>> forward(Pixels pixels) {
    List<List<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      long start = System.nanoTime();
      answers.add(models.get(i).session().run(pixels, Stage.LOGITS));
      timer.forward(i, pixels.images(), System.nanoTime() - start);
    }
    return IntStream.range(0, pixels.images())
        .mapToObj(image -> answers.stream().map(logits -> logits.get(image)).toList())
        .toList();
  }
}
