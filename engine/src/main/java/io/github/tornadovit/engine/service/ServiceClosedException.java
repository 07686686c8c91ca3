package io.github.tornadovit.engine.service;

import java.util.concurrent.RejectedExecutionException;

/** A service is closed, or was closed before the request's turn came. */
public final class ServiceClosedException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  ServiceClosedException() {
    super("the service is closed");
  }
}
