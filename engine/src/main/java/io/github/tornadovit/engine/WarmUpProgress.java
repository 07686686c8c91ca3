package io.github.tornadovit.engine;

/**
 * Told how far a warm-up is. On a device kernels are compiled at the first pass of a batch size,
 * all of a size in one call, which takes seconds.
 */
@FunctionalInterface
public interface WarmUpProgress {
  /** Nobody is told. */
  WarmUpProgress SILENT = (images, done, total) -> {};

  /**
   * A batch size comes next; or, with {@code done == total}, none does: all is warm.
   *
   * @param images of the size that comes next, or of the last one
   * @param done sizes that are warm
   * @param total sizes
   */
  void next(int images, int done, int total);
}
