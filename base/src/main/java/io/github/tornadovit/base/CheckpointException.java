package io.github.tornadovit.base;

import io.github.tornadovit.base.file.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint cannot be used: a file is missing, malformed or of a kind that is not supported, or
 * a tensor or key is not what the architecture needs.
 *
 * <p>The message names the file, then the thing in it, what was got, what was expected and, where
 * there is something to do, what to do.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the file or folder at fault, as the user would name it
   * @param problem what is wrong with it, in one sentence
   */
  public CheckpointException(String file, String problem) {
    this(file, problem, null);
  }

  /** As {@link #CheckpointException(String, String)}, with the failure that led here. */
  public CheckpointException(String file, @Nullable String problem, @Nullable Throwable cause) {
    super(ErrorText.message(file, problem), cause);
  }
}
