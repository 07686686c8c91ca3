package io.github.tornadovit.benchmarks.peers;

import org.jspecify.annotations.Nullable;

/** An engine cannot take part; the message names it. */
final class PeerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PeerException(String message) {
    super(message);
  }

  PeerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
