package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The work of a service on images: a model, as far as a service needs one.
 *
 * @param <R> the answer for an image
 */
interface BatchWork<R> {

  /** Images of a batch at most. */
  int maxBatch();

  /** The pixels of an image file; called by several threads at a time, as are the next two. */
  Pixels pixels(Path image);

  /** The pixels of an image file in memory. */
  Pixels pixels(byte[] encoded, String name);

  /** The pixels of a decoded image. */
  Pixels pixels(RgbImage image);

  /**
   * The answers for a batch; called by one thread.
   *
   * @return one per image, in order
   */
  List<R> run(Pixels pixels);

  /** Runs a batch of blank images. */
  void warmUp(int images);
}
