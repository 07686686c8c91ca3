package io.github.tornadovit.engine.probe;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.pipeline.PixelBatch;
import io.github.tornadovit.engine.pipeline.Prefetch;
import io.github.tornadovit.weights.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the features of labelled images, each once: a cache takes them batch by batch, so that
 * an interrupted run goes on where it was.
 *
 * <p>Images are looked up, decoded and preprocessed on the processors that the forward pass leaves,
 * on one at least, while it runs.
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
  private @Nullable PixelBatch<Prepared> waiting;
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
  }

  /**
   * An image on its way, by its place in the list: its feature from the cache, its pixels {@code
   * [C, S, S]}, or why it has neither.
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed from thread to thread, never compared.
  private record Prepared(
      int image,
      String sha256,
      float @Nullable [] found,
      float @Nullable [] pixels,
      String problem) {}

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
          "pooling is tokens, expected cls, mean or pooler: a probe reads one vector per image");
    }
    int width = Math.toIntExact(model.shape(feature).elements());
    FeatureSource source = FeatureSource.of(model, feature);
    FeatureCache.Entries entries =
        cache == null ? null : cache.entries(source, model.device().backend(), width);
    FeatureExtraction extraction = new FeatureExtraction(model, feature, entries, images, progress);
    extraction.runAll();
    return extraction.result(source, labels);
  }

  private void runAll() throws InterruptedException {
    int free = Runtime.getRuntime().availableProcessors() - model.hostThreads();
    List<Integer> places = IntStream.range(0, images.size()).boxed().toList();
    try (Prefetch<Integer, Prepared> prepared =
        new Prefetch<>(places, this::prepare, Math.max(free, 1), 2 * model.options().batch())) {
      while (prepared.hasNext()) {
        take(prepared.next());
      }
      if (waiting != null && waiting.size() > 0) {
        runBatch(waiting);
      }
    }
  }

  private Prepared prepare(int image) {
    Path file = images.get(image).file();
    String sha256 = cache == null ? "" : sha256(file);
    try {
      if (cache != null && !sha256.isEmpty()) {
        Optional<float[]> found = cache.find(sha256);
        if (found.isPresent()) {
          return new Prepared(image, sha256, found.get(), null, "");
        }
      }
      return new Prepared(image, sha256, null, model.preprocess(model.read(file)), "");
    } catch (ImageException problem) {
      return new Prepared(image, sha256, null, null, String.valueOf(problem.getMessage()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Empty if the file cannot be read: decoding it says why, as it does everywhere. */
  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private void take(Prepared next) {
    if (next.pixels() != null) {
      if (waiting == null) {
        waiting = new PixelBatch<>(model.maxBatch(feature));
      }
      waiting.add(next, next.pixels());
      if (waiting.isFull()) {
        runBatch(waiting);
      }
      return;
    }
    rows[next.image()] = next.found();
    problems[next.image()] = next.problem();
    cached += next.found() == null ? 0 : 1;
    progress.accept(1);
  }

  private void runBatch(PixelBatch<Prepared> batch) {
    List<float[]> features = model.embed(batch.pixels(), batch.size(), feature);
    for (int i = 0; i < features.size(); i++) {
      Prepared image = batch.items().get(i);
      rows[image.image()] = features.get(i);
      store(image.sha256(), features.get(i));
    }
    progress.accept(batch.size());
    batch.clear();
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
