package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.Pixels;

/** An image as a caller sends it. */
sealed interface Input {

  /**
   * An image file.
   *
   * @param bytes all of them
   * @param name how answers and error messages call it
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or prints it.
  record File(byte[] bytes, String name) implements Input {}

  /**
   * Numbers that the caller has prepared.
   *
   * @param pixels of one image
   */
  record Prepared(Pixels pixels) implements Input {}
}
