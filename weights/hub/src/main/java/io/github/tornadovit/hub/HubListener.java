package io.github.tornadovit.hub;

/**
 * Listens to a {@link Hub} while it works, for a progress line or a log. Files come in side by
 * side, so that several threads call, but one at a time and each seeing what the one before did: a
 * listener of one fetch needs no locks. The download waits for it; an exception of it ends the
 * download and reaches the caller.
 */
public interface HubListener {
  /** Listens to nothing. */
  HubListener SILENT = new HubListener() {};

  /** Bytes have come in, or are there from before. */
  default void progress(HubProgress progress) {}

  /**
   * Something that a user may want to know: a retry and why, a cached model in place of the hub.
   */
  default void notice(String message) {}
}
