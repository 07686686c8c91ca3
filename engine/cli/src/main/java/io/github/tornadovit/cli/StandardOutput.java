package io.github.tornadovit.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Standard output that fails where it cannot be written. {@link System#out} keeps its failures to
 * itself, and a program would compute on for nobody.
 */
final class StandardOutput extends OutputStream {
  /** As a shell counts a program that a closed pipe has ended: 128 + SIGPIPE. */
  static final int PIPE_CLOSED = 141;

  private final OutputStream target;

  StandardOutput(OutputStream target) {
    this.target = target;
  }

  /** Thrown through a {@code PrintWriter}, which would swallow an {@code IOException}. */
  static final class Failure extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    Failure(IOException cause) {
      super("standard output cannot be written; what is there is not complete", cause);
    }

    /** Whether a reader, as {@code head} is, has read all that it wanted. */
    boolean readerHasGone() {
      Throwable cause = getCause();
      return cause != null && "Broken pipe".equals(cause.getMessage());
    }
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      target.write(bytes, offset, length);
    } catch (IOException failure) {
      throw new Failure(failure);
    }
  }
}
