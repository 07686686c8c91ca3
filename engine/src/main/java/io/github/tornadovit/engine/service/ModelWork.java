package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.BackendException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * The work of a model.
 *
 * @param model owned by whoever opened it
 * @param stage that the answers are made of
 * @param forward from the pixels of a batch to the answers that are asked for
 * @param <R> the answer for an image
 */
record ModelWork<R>(VisionModel model, Stage stage, Function<Pixels, List<R>> forward)
    implements BatchWork<R> {
  private static final Logger LOGGER = System.getLogger(ModelWork.class.getName());

  @Override
  public int maxBatch() {
    return model.session().maxBatch(stage);
  }

  @Override
  public Pixels pixels(Path image) {
    return model.imageProcessor().pixels(image);
  }

  @Override
  public Pixels pixels(byte[] encoded, String name) {
    return model.imageProcessor().pixels(encoded, name);
  }

  @Override
  public Pixels pixels(RgbImage image) {
    return model.imageProcessor().pixels(image);
  }

  /** The model opens a device that failed anew, and no image is to blame: so each pass has two. */
  @Override
  public List<R> run(Pixels pixels) {
    try {
      return forward.apply(pixels);
    } catch (BackendException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      LOGGER.log(Level.WARNING, () -> "a batch runs again: " + failure.getMessage());
      return forward.apply(pixels);
    }
  }

  @Override
  public void warmUp(int images) {
    model.session().warmUp(stage, images);
  }
}
