package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.file.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * Labelled images cannot be used: there are none, or a label is not one of the checkpoint's. The
 * message says where, what was got and what was expected.
 */
public final class DataSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param where the folder, or the file and line, at fault
   * @param problem what is wrong with it, in one sentence
   */
  public DataSetException(String where, String problem) {
    this(where, problem, null);
  }

  /** As {@link #DataSetException(String, String)}, with the failure that led here. */
  public DataSetException(String where, String problem, @Nullable Throwable cause) {
    super(ErrorText.message(where, problem), cause);
  }
}
