package uk.ac.manchester.tornado.api.exceptions;

/** A kernel does not compile, and TornadoVM may not run it in Java instead. */
public class TornadoBailoutRuntimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TornadoBailoutRuntimeException(String message) {
    super(message);
  }
}
