package io.github.tornadovit.engine;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.engine.stage.Stage.ClassToken;
import io.github.tornadovit.engine.stage.Stage.HeadAttention;
import io.github.tornadovit.engine.stage.Stage.Hidden;
import io.github.tornadovit.engine.stage.Stage.MeanAttention;
import io.github.tornadovit.engine.stage.Stage.Output;
import io.github.tornadovit.engine.stage.Stage.PatchMean;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stages that a model has, and why it has not another. */
final class ModelStages {
  private final Checkpoint checkpoint;
  private final VisionConfig config;
  private final Encoder encoder;

  ModelStages(Checkpoint checkpoint, VisionConfig config, Encoder encoder) {
    this.checkpoint = checkpoint;
    this.config = config;
    this.encoder = encoder;
  }

  /**
   * All vectors that the model can give, but the mean of the patches, and what is pooled beside the
   * class token, only where the patches classify: elsewhere the last block computes none.
   */
  Set<Stage> answers() {
    Set<Stage> vectors =
        Stream.of(Stage.LOGITS, Stage.CLASS_TOKEN, Stage.POOLER, Stage.PROJECTION)
            .filter(encoder::has)
            .collect(Collectors.toSet());
    if (encoder.classifiesByMean()) {
      vectors.add(Stage.PATCH_MEAN);
      vectors.add(Stage.POOLED);
    }
    return Set.copyOf(vectors);
  }

  /** See {@link Session#require}. */
  void require(Stage stage) {
    if (encoder.has(stage)) {
      return;
    }
    String name = checkpoint.name() + ": ";
    boolean classToken = stage == Output.CLASS_TOKEN || stage instanceof ClassToken;
    if (classToken && !config.has(PrefixToken.Kind.CLASS)) {
      throw lacks("the model has no class token", stage instanceof ClassToken);
    }
    throw switch (stage) {
      case Output.LOGITS ->
          new UnsupportedOperationException(
              name
                  + "the checkpoint has no classifier (%s); use embed for its features, train a"
                      .formatted(withoutClassifier())
                  + " probe on them, or load a checkpoint fine-tuned for image classification");
      case Output.PROJECTION ->
          lacks(
              "the checkpoint has no projection (CLIP's tensor 'visual_projection.weight')", false);
      case Output output ->
          lacks("the checkpoint has no %s%s".formatted(output.label(), withoutPooler()), false);
      case Hidden(int layer) -> new IllegalArgumentException(name + layers(layer));
      case ClassToken(int layer) -> new IllegalArgumentException(name + layers(layer));
      case PatchMean(int layer) -> new IllegalArgumentException(name + layers(layer));
      case HeadAttention(int block) -> new IllegalArgumentException(name + blocks(block));
      case MeanAttention(int block) -> new IllegalArgumentException(name + blocks(block));
    };
  }

  private String withoutPooler() {
    String why = checkpoint.withoutPooler();
    return why.isEmpty() ? "" : " (%s)".formatted(why);
  }

  /** The error that a pooling is missing, with those that are there. */
  private UnsupportedOperationException lacks(String what, boolean ofALayer) {
    List<Pooling> others =
        Pooling.all(config).stream().filter(pooling -> !ofALayer || pooling.ofAnyLayer()).toList();
    return new UnsupportedOperationException(
        "%s: %s; use pooling %s".formatted(checkpoint.name(), what, Pooling.either(others)));
  }

  private String layers(int layer) {
    return "layer is %d, expected 0 (the embeddings) to %d (after the last block)"
        .formatted(layer, config.layers());
  }

  private String blocks(int block) {
    return "block is %d, expected 0 to %d".formatted(block, config.layers() - 1);
  }

  private String withoutClassifier() {
    return checkpoint.notes().stream()
        .filter(note -> note.kind() == CheckpointNote.Kind.HEAD)
        // What was made of it stands behind the colon, and is said as a note.
        .map(note -> note.text().replaceFirst("(?s): .*", ""))
        .findFirst()
        .orElse("a base model");
  }
}
