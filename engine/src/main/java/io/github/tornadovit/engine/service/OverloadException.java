package io.github.tornadovit.engine.service;

import java.util.concurrent.RejectedExecutionException;

/** A service is full: the request was not taken. It may be tried again after a while. */
public final class OverloadException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  OverloadException(String problem) {
    super(problem);
  }
}
