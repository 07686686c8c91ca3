package io.github.tornadovit.engine.image;

import io.github.tornadovit.base.file.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * An image cannot be read: it is missing, malformed, of a format that is not supported, or larger
 * than the limit. The message names the image, what was got and what was expected.
 */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param image the image at fault, as the user would name it
   * @param problem what is wrong with it, in one sentence
   */
  public ImageException(String image, String problem) {
    this(image, problem, null);
  }

  /** As {@link #ImageException(String, String)}, with the failure that led here. */
  public ImageException(String image, String problem, @Nullable Throwable cause) {
    super(ErrorText.message(image, problem), cause);
  }
}
