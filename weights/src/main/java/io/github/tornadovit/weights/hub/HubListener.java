package io.github.tornadovit.weights.hub;

/**
 * What a {@link Hub} tells while it works, for a progress line or a log. Called by the thread that
 * fetches.
 */
public interface HubListener {
  /** Listens to nothing. */
  HubListener SILENT = new HubListener() {};

  /**
   * Bytes of a file have come in; first called with what an earlier, interrupted download left.
   *
   * @param file its name in the model
   * @param done bytes that are there
   * @param total bytes of the file; 0 if the server does not say
   */
  default void progress(String file, long done, long total) {}

  /**
   * Something that a user may want to know: a retry and why, a cached model in place of the hub.
   */
  default void notice(String message) {}
}
