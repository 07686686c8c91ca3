package io.github.tornadovit.benchmarks.peers;

import org.jspecify.annotations.Nullable;

/** An engine cannot take part; the message names it. */
public final class PeerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message. */
  public PeerException(String message) {
    super(message);
  }

  /** With a message and a cause. */
  public PeerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
