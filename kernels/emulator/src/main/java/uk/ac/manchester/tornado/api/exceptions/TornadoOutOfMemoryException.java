package uk.ac.manchester.tornado.api.exceptions;

/** The memory of the device is full. */
public class TornadoOutOfMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TornadoOutOfMemoryException(String message) {
    super(message);
  }
}
