package io.github.tornadovit.engine.image;

import java.io.IOException;

/**
 * What is wrong with an encoded image, as a sentence without its name. Inside this package only:
 * {@link ImageDecoder} knows the name and makes an {@link ImageException} of it.
 */
final class MalformedImageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedImageException(String problem) {
    super(problem);
  }
}
