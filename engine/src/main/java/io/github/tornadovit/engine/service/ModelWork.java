package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The work of a model.
 *
 * @param model owned by whoever opened it
 * @param forward its answers
 * @param <R> the answer for an image
 */
record ModelWork<R>(VisionModel model, Forward<R> forward) implements BatchWork<R> {

  /** From the pixels of a batch to the answers that are asked for. */
  interface Forward<R> {
    List<R> run(float[] pixels, int images);
  }

  @Override
  public int maxBatch() {
    return model.maxBatch();
  }

  @Override
  public RgbImage read(Path image) {
    return model.read(image);
  }

  @Override
  public RgbImage read(byte[] encoded, String name) {
    return model.read(encoded, name);
  }

  @Override
  public float[] prepare(RgbImage image) {
    return model.preprocess(image);
  }

  @Override
  public List<R> run(float[] pixels, int images) {
    return forward.run(pixels, images);
  }

  @Override
  public void warmUp(int images) {
    model.warmUp(images);
  }
}
