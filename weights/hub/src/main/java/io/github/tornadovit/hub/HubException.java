package io.github.tornadovit.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model cannot be had from the hub or the cache. The message names the model, what was asked for,
 * what was answered, and what to do; it never holds a token.
 */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason, for programs that act on it. */
  public enum Reason {
    /** No such model, or one that this user may not see: the hub does not tell them apart. */
    MODEL_NOT_FOUND,
    /** The model has no such branch, tag or commit. */
    REVISION_NOT_FOUND,
    /** The model has no such file: it is no checkpoint that can be read here. */
    FILE_NOT_FOUND,
    /** The model's authors want their terms accepted first. */
    GATED,
    /** The token is wrong or does not allow this. */
    FORBIDDEN,
    /** Too many requests, and the wait is longer than patience. */
    RATE_LIMITED,
    /** No connection, a time-out, or a failure of the server, also after several attempts. */
    UNAVAILABLE,
    /** The files are not all in the cache, and the network is not to be used. */
    OFFLINE,
    /** The content is not what the hub announced, by its length or its checksum. */
    CORRUPT,
    /** An answer that the hub does not give, or that would be unsafe to follow. */
    PROTOCOL,
    /** A setting is malformed, or its file cannot be read. */
    SETTINGS,
    /** The cache cannot be read or written. */
    CACHE,
    /** The thread was interrupted; its interrupt status is set, and a download can be resumed. */
    INTERRUPTED
  }

  private final Reason reason;
  private final transient @Nullable Duration retryAfter;

  HubException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  HubException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, cause, null);
  }

  HubException(
      Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** How long the server wants to be left alone. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether another attempt may go better. */
  boolean isTransient() {
    return reason == Reason.UNAVAILABLE || reason == Reason.RATE_LIMITED;
  }

  /** Keeps the interrupt for the caller's caller. */
  static HubException interrupted(Exception interrupt) {
    Thread.currentThread().interrupt();
    return new HubException(
        Reason.INTERRUPTED,
        "interrupted; the next download goes on where this one ended",
        interrupt);
  }
}
