package io.github.tornadovit.emulator;

import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * A kernel, a launch or a graph does what a device would not forgive. The message says who, where
 * and what.
 */
public final class EmulatorException extends TornadoRuntimeException {
  private static final long serialVersionUID = 1L;

  public EmulatorException(String message) {
    super(message);
  }

  EmulatorException(String message, Throwable cause) {
    super(message);
    initCause(cause);
  }
}
