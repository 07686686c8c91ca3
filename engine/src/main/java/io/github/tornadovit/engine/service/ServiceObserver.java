package io.github.tornadovit.engine.service;

/**
 * Is told what a service does, for metrics and logs. Called by the service's threads and by
 * callers, several at a time: safe for use by several threads, and quick. What it throws is logged
 * and goes no further.
 */
public interface ServiceObserver {

  /** The outcome of a request; each has exactly one. */
  enum Outcome {
    /** It was answered. */
    ANSWERED,
    /** Its image could not be read or preprocessed. */
    UNREADABLE,
    /** The forward pass failed. */
    FAILED,
    /** The caller cancelled or timed out its future before the answer was there. */
    ABANDONED,
    /** There was no room, or the service was closed. */
    REFUSED
  }

  /** A request is done with. */
  default void requestDone(Outcome outcome) {}

  /** A batch is done with; its requests are told of one by one. */
  default void batchDone(BatchReport report) {}
}
