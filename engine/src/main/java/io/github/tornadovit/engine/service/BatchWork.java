package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/**
 * What a service does with images: a model, as far as a service needs one.
 *
 * @param <R> the answer for an image
 */
interface BatchWork<R> {

  /** Images of a batch at most. */
  int maxBatch();

  /** Decodes a file; called by several threads at a time, as are the next two. */
  RgbImage read(Path image);

  /** Decodes an image in memory. */
  RgbImage read(byte[] encoded, String name);

  /** The pixel values of an image {@code [C, S, S]}. */
  float[] prepare(RgbImage image);

  /**
   * The answers for a batch; called by one thread.
   *
   * @param pixels {@code [images, C, S, S]}, or longer
   * @return one per image, in order
   */
  List<R> run(float[] pixels, int images);

  /** Runs a batch of blank images. */
  void warmUp(int images);
}
