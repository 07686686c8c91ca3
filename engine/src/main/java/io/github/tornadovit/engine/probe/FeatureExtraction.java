package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.file.Sha256;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the features of labelled images, each once: a cache takes them batch by batch, so that
 * an interrupted run goes on where it was.
 *
 * <p>Images are looked up, decoded and preprocessed by several threads, ahead of the forward pass.
 */
public final class FeatureExtraction {
  private final VisionModel model;
  private final Feature feature;
  private final FeatureCache.@Nullable Entries cache;
  private final List<LabelledImage> images;
  private final IntConsumer progress;

  /** By image; null where one could not be read, whose problem says why. */
  private final float[] @Nullable [] rows;

  private final String[] problems;

  /** SHA-256 of the files, by image; empty for one that cannot be read, or without a cache. */
  private final String[] hashes;

  private int cached;

  private FeatureExtraction(
      VisionModel model,
      Feature feature,
      FeatureCache.@Nullable Entries cache,
      List<LabelledImage> images,
      IntConsumer progress) {
    this.model = model;
    this.feature = feature;
    this.cache = cache;
    this.images = images;
    this.progress = progress;
    rows = new float[images.size()][];
    problems = new String[images.size()];
    hashes = new String[images.size()];
    Arrays.fill(hashes, "");
  }

  /**
   * Runs the images that the cache does not know.
   *
   * @param cache null to compute all
   * @param labels class names, index = class id
   * @param progress is told the number of images done since it was last told
   * @throws IllegalArgumentException if the feature is not one vector, or the model has no such
   *     layer
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws DataSetException if no image could be read
   * @throws UncheckedIOException if the cache cannot be read or written
   * @throws InterruptedException if this thread is interrupted; all other threads have ended
   */
  public static FeatureSet run(
      VisionModel model,
      Feature feature,
      @Nullable FeatureCache cache,
      List<String> labels,
      List<LabelledImage> images,
      IntConsumer progress)
      throws InterruptedException {
    if (feature.pooling() == Pooling.TOKENS) {
      throw new IllegalArgumentException(
          "pooling is tokens, expected cls, mean, pooled, pooler or projection: a probe reads one vector per image");
    }
    model.session().require(feature.stage());
    int width = Math.toIntExact(feature.shape(model.config()).elements());
    FeatureSource source = FeatureSource.of(model, feature);
    FeatureCache.Entries entries =
        cache == null ? null : cache.entries(source, model.session().device().backend(), width);
    FeatureExtraction extraction = new FeatureExtraction(model, feature, entries, images, progress);
    extraction.runAll();
    return extraction.result(source, labels);
  }

  private void runAll() throws InterruptedException {
    List<Integer> places = IntStream.range(0, images.size()).boxed().toList();
    ImagePipeline.embedding(model, feature).run(places, this::pixelsUnlessCached, this::take);
  }

  private @Nullable Pixels pixelsUnlessCached(int image) {
    Path file = images.get(image).file();
    if (cache != null) {
      String sha256 = sha256(file);
      hashes[image] = sha256;
      try {
        Optional<float[]> found = sha256.isEmpty() ? Optional.empty() : cache.find(sha256);
        if (found.isPresent()) {
          rows[image] = found.get();
          return null;
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return model.imageProcessor().pixels(file);
  }

  /** Empty if the file cannot be read: decoding it says why, as it does everywhere. */
  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private void take(Outcome<Integer, float[]> outcome) {
    int image = outcome.item();
    if (outcome.result() != null) {
      rows[image] = outcome.result();
      store(hashes[image], outcome.result());
    } else if (outcome.error() != null) {
      problems[image] = String.valueOf(outcome.error().getMessage());
    } else {
      cached++;
    }
    progress.accept(1);
  }

  private void store(String sha256, float[] values) {
    if (cache != null && !sha256.isEmpty()) {
      try {
        cache.store(sha256, values);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private FeatureSet result(FeatureSource source, List<String> labels) {
    List<LabelledImage> readable = new ArrayList<>();
    List<float[]> features = new ArrayList<>();
    List<Unreadable> unreadable = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      LabelledImage image = images.get(i);
      float[] row = rows[i];
      if (row == null) {
        unreadable.add(new Unreadable(image.file(), labels.get(image.label()), problems[i]));
      } else {
        readable.add(image);
        features.add(row);
      }
    }
    if (readable.isEmpty()) {
      throw new DataSetException(
          "features",
          unreadable.isEmpty()
              ? "there is no image"
              : "none of %d images could be read; %s"
                  .formatted(unreadable.size(), unreadable.getFirst().reason()));
    }
    return new FeatureSet(source, labels, readable, features, unreadable, cached);
  }
}
