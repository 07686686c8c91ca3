package io.github.tornadovit.engine.image.codec;

import java.io.IOException;

/**
 * An encoded image is malformed. The message is a sentence without the image's name, which the
 * caller adds.
 */
public final class MalformedImageException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedImageException(String problem) {
    super(problem);
  }
}
