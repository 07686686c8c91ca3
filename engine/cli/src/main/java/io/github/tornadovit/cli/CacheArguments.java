package io.github.tornadovit.cli;

import io.github.tornadovit.engine.probe.FeatureCache;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say where features are kept. */
final class CacheArguments {
  @ArgGroup(exclusive = true)
  private Choice choice = new Choice();

  static final class Choice {
    @Option(
        names = "--cache",
        paramLabel = "DIR",
        description =
            "Folder that keeps features, so that an image goes through a model once; default:"
                + " tornado-vit/features in $XDG_CACHE_HOME or ~/.cache.")
    private @Nullable Path folder;

    @Option(names = "--no-cache", description = "Compute all features and keep none.")
    private boolean none;

    Choice() {}
  }

  CacheArguments() {}

  /** The cache, or null for none. */
  @Nullable FeatureCache cache() {
    if (choice.none) {
      return null;
    }
    return FeatureCache.in(choice.folder == null ? FeatureCache.defaultFolder() : choice.folder);
  }
}
