package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.probe.FeatureCache;
import io.github.tornadovit.engine.probe.FeatureExtraction;
import io.github.tornadovit.engine.probe.FeatureSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Features of labelled images, with a progress line and a line that says where they came from. */
final class ProbeFeatures {
  private ProbeFeatures() {}

  static FeatureSet extract(
      VisionModel model,
      Feature feature,
      @Nullable FeatureCache cache,
      List<String> labels,
      List<LabelledImage> images,
      PrintWriter notes)
      throws InterruptedException {
    long start = System.nanoTime();
    Progress progress = new Progress(notes, Progress.onTerminal(), images.size());
    FeatureSet features;
    try {
      features = FeatureExtraction.run(model, feature, cache, labels, images, progress::advance);
    } catch (UncheckedIOException failure) {
      throw new UncheckedIOException(
          new IOException(
              "the cache of features fails: %s; name another folder with --cache DIR, or do without: --no-cache"
                  .formatted(FileProblem.message(Objects.requireNonNull(failure.getCause()))),
              failure));
    } finally {
      progress.clear();
    }
    notes.printf(
        Locale.ROOT,
        "features: %s, %d from the cache%s, %d computed, in %.1f s%n",
        feature,
        features.cached(),
        cache == null ? "" : " " + cache,
        features.computed(),
        (System.nanoTime() - start) / 1e9);
    features.unreadable().forEach(image -> notes.println("tornado-vit: " + image.reason()));
    return features;
  }
}
