package io.github.tornadovit.cli;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.weights.config.PrefixToken;
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
          "cls (class token), mean (of the patch tokens), pooler (the model's own), projection"
              + " (CLIP's image_embeds) or tokens (all of them, not pooled); default: cls, or mean if"
              + " the model has no class token.")
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

  /** The feature of a model with a class token; one that cannot be is wrong usage. */
  Feature feature() {
    return feature(Pooling.CLS);
  }

  /** The feature of a model. */
  Feature feature(VisionConfig config) {
    return feature(config.has(PrefixToken.Kind.CLASS) ? Pooling.CLS : Pooling.MEAN);
  }

  private Feature feature(Pooling absent) {
    try {
      return new Feature(pooling == null ? absent : pooling, layer, normalize);
    } catch (IllegalArgumentException impossible) {
      throw new ParameterException(command.commandLine(), impossible.getMessage(), impossible);
    }
  }

  /** The feature if any of the options is given, else null. */
  @Nullable Feature featureOrNull() {
    return pooling == null && layer == null && !normalize ? null : feature();
  }
}
