package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import java.util.concurrent.CompletableFuture;

/**
 * The model behind the routes. A future that is cancelled or timed out is not worked on; one fails
 * with {@code ImageException} where the image is to blame, and with {@code
 * RejectedExecutionException} where there is no room.
 */
interface ServedModel {

  ModelCard card();

  /** The classes of an image; only of a model that {@linkplain ModelCard#classifies classifies}. */
  CompletableFuture<Classification> classify(Input image);

  /** A feature of an image, one of those on the card. */
  CompletableFuture<float[]> embed(Input image, Feature feature);

  /** What the model looks at. */
  CompletableFuture<AttentionRoute.Answer> attention(
      Input.File image, AttentionRoute.Question question);
}
