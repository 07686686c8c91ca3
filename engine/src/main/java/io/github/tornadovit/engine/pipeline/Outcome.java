package io.github.tornadovit.engine.pipeline;

import io.github.tornadovit.engine.image.ImageException;
import org.jspecify.annotations.Nullable;

/**
 * One image's way through a pipeline has ended: with a result, or with what is wrong with the
 * image.
 *
 * @param item as it was put in
 * @param result null if the image could not be read, or was not wanted
 * @param error null if it could
 * @param <T> what stands for an image
 * @param <R> the answer for an image
 */
public record Outcome<T, R>(T item, @Nullable R result, @Nullable ImageException error) {
  /** The problem with the image, in one line that names it; null if there is none. */
  public @Nullable String problem() {
    return error == null ? null : error.getMessage();
  }
}
