package io.github.tornadovit.examples.server;

import io.github.tornadovit.engine.Classification;
import java.util.concurrent.CompletableFuture;

/**
 * The classifier behind the server; a future that is cancelled or timed out should not be worked
 * on.
 */
@FunctionalInterface
interface Classifier {

  /** The answer for a whole image file. */
  CompletableFuture<Classification> classify(byte[] image);
}
