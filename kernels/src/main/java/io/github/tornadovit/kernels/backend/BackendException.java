package io.github.tornadovit.kernels.backend;

import org.jspecify.annotations.Nullable;

/** A backend cannot be used here, or failed on its device. The message says what to do. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param backend the backend's name
   * @param problem what is wrong and what to do, in one sentence
   */
  public BackendException(String backend, String problem) {
    this(backend, problem, null);
  }

  /** As {@link #BackendException(String, String)}, with the failure that led here. */
  public BackendException(String backend, String problem, @Nullable Throwable cause) {
    super("backend '" + backend + "': " + problem, cause);
  }
}
