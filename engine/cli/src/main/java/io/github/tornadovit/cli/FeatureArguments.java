package io.github.tornadovit.cli;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.weights.config.VisionConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which feature of an image is meant. */
final class FeatureArguments {
  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      description =
          "cls (class token), mean (of the patch tokens), pooled (what the classifier reads: of DINOv2 the class"
              + " token and the mean together), pooler (transformers' pooler_output; of CLIP before the projection),"
              + " projection (CLIP's image_embeds) or tokens (all of them, not pooled); default: cls, or mean if the"
              + " model has no class token. The command inspect lists those of a model.")
  private @Nullable Pooling pooling;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "Hidden state that is pooled: 0 for the embeddings, N for the output of block N, before"
              + " the final norm; default: the last hidden state, after the final norm.")
  private @Nullable Integer layer;

  @Option(names = "--normalize", description = "Divide each vector by its Euclidean length (L2).")
  private boolean normalize;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  FeatureArguments() {}

  /** Says whether the options can be meant together, before a model is loaded. */
  void check() {
    Feature _ = feature(Feature.of(Pooling.MEAN));
  }

  /** The feature of a model. */
  Feature feature(VisionConfig config) {
    return feature(Feature.of(Pooling.of(config)));
  }

  /** Another feature, as far as the options do not say; one that cannot be is wrong usage. */
  Feature feature(Feature absent) {
    Pooling named = pooling == null ? absent.pooling() : pooling;
    Integer ofLayer = layer == null && named.ofAnyLayer() ? absent.layer() : layer;
    try {
      return new Feature(named, ofLayer, normalize || absent.normalized());
    } catch (IllegalArgumentException impossible) {
      throw new ParameterException(command.commandLine(), impossible.getMessage(), impossible);
    }
  }
}
