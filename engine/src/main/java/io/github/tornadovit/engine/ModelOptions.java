package io.github.tornadovit.engine;

import io.github.tornadovit.kernels.backend.BackendChoice;

/**
 * How to load a model. Immutable; start from {@link #defaults()} and change what you need:
 *
 * {@snippet :
 * ModelOptions options = ModelOptions.defaults().withThreads(4).withBatch(16);
 * }
 *
 * @param backend what executes the model
 * @param threads of the CPU backend, 0 for one per available processor
 * @param batch images per forward pass at most; more images are run in several passes
 * @param maxPixels an image of more pixels (width times height) is refused before it is decoded
 * @param applyOrientation whether an image is turned as its EXIF orientation says
 */
public record ModelOptions(
    BackendChoice backend, int threads, int batch, long maxPixels, boolean applyOrientation) {
  private static final ModelOptions DEFAULTS =
      new ModelOptions(BackendChoice.AUTO, 0, 8, 100_000_000, true);

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public ModelOptions {
    require(threads >= 0 && threads <= 1024, "threads is " + threads + ", expected 0 to 1024");
    require(batch >= 1 && batch <= 1024, "batch is " + batch + ", expected 1 to 1024");
    require(maxPixels >= 1, "maxPixels is " + maxPixels + ", expected 1 or more");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * Backend AUTO, all processors, batches of 8, at most 100 million pixels, orientation applied.
   */
  public static ModelOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another backend. */
  public ModelOptions withBackend(BackendChoice backend) {
    return new ModelOptions(backend, threads, batch, maxPixels, applyOrientation);
  }

  /** These options with another number of CPU threads, 0 for one per available processor. */
  public ModelOptions withThreads(int threads) {
    return new ModelOptions(backend, threads, batch, maxPixels, applyOrientation);
  }

  /** These options with another largest batch. */
  public ModelOptions withBatch(int batch) {
    return new ModelOptions(backend, threads, batch, maxPixels, applyOrientation);
  }

  /** These options with another limit on the pixels of an image. */
  public ModelOptions withMaxPixels(long maxPixels) {
    return new ModelOptions(backend, threads, batch, maxPixels, applyOrientation);
  }

  /** These options with EXIF orientation applied or not. */
  public ModelOptions withApplyOrientation(boolean applyOrientation) {
    return new ModelOptions(backend, threads, batch, maxPixels, applyOrientation);
  }
}
