package io.github.tornadovit.engine.pipeline;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of many images from files to answers: decoded and preprocessed by several threads, ahead
 * of the forward passes that take them batch by batch.
 *
 * {@snippet :
 * List<Path> files = List.of(Path.of("cat.jpg"), Path.of("dog.jpg"));
 * try (VisionModel model = VisionModel.load(Path.of("vit-base"))) {
 *   ImagePipeline.classifying(model)
 *       .run(files, outcome -> System.out.println(outcome.item() + " " + outcome.result()));
 * }
 * }
 *
 * <p><b>Order.</b> Outcomes come in the order of the items. Batches are filled with readable images
 * in that order, so that results do not depend on timing.
 *
 * <p><b>Faults.</b> An image that cannot be read, or not within the memory that is left, costs
 * itself alone: its outcome is an {@link ImageException}. What else is thrown, by a forward pass or
 * by the sink, ends the run at once.
 *
 * <p><b>Memory.</b> An image becomes pixels as soon as it is decoded. Pixels of two batches at most
 * wait, fewer where they would take more than a quarter of the heap that is free; images whose
 * decoding would take more than is left of what {@link
 * io.github.tornadovit.engine.image.ImageDecoder} allows itself wait for their turn.
 *
 * <p><b>Threads.</b> Everything but the decoding and preprocessing runs in the caller. When a run
 * ends, its threads have.
 *
 * @param <R> the answer for an image
 */
public final class ImagePipeline<R> {
  private static final int BATCHES_AHEAD = 2;

  /** Of the free heap, the part that pixels may take while they wait. */
  private static final int HEAP_SHARE = 4;

  private final VisionModel model;
  private final int batch;
  private final Function<Pixels, List<R>> forward;

  private ImagePipeline(VisionModel model, int batch, Function<Pixels, List<R>> forward) {
    this.model = model;
    this.batch = batch;
    this.forward = forward;
  }

  /**
   * A pipeline into a forward pass.
   *
   * @param model whose images it takes
   * @param batch images of a forward pass at most
   * @param forward from the pixels of a batch to one result per image, in order
   */
  public static <R> ImagePipeline<R> of(
      VisionModel model, int batch, Function<Pixels, List<R>> forward) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + ", expected 1 or more");
    }
    return new ImagePipeline<>(model, batch, forward);
  }

  /**
   * A pipeline that classifies.
   *
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public static ImagePipeline<Classification> classifying(VisionModel model) {
    model.session().require(Stage.LOGITS);
    return of(model, model.session().maxBatch(), pixels -> model.classify(pixels));
  }

  /**
   * A pipeline that computes features, each as {@link VisionModel#embed(List, Feature)} gives it.
   *
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public static ImagePipeline<float[]> embedding(VisionModel model, Feature feature) {
    return of(
        model, model.session().maxBatch(feature.stage()), pixels -> model.embed(pixels, feature));
  }

  /**
   * Makes pixels of an item. Called by several threads at a time, ahead of the forward pass.
   *
   * @param <T> what stands for an image
   */
  @FunctionalInterface
  public interface Preparation<T> {
    /**
     * The pixels of one image; null if it is not wanted: its outcome has neither result nor error.
     *
     * @throws ImageException if it cannot be read
     */
    @Nullable Pixels pixels(T item);
  }

  /**
   * Takes the outcomes.
   *
   * @param <T> what stands for an image
   * @param <R> the answer for an image
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Sink<T, R, X extends Exception> {
    /** Takes the next outcome. */
    void accept(Outcome<T, R> outcome) throws X;
  }

  private record Prepared<T>(T item, @Nullable Pixels pixels, @Nullable ImageException error) {}

  /**
   * Runs image files.
   *
   * @throws InterruptedException if this thread is interrupted, by then or before the next batch
   * @throws X that the sink threw
   */
  public <X extends Exception> void run(List<Path> files, Sink<Path, R, X> sink)
      throws X, InterruptedException {
    run(files, file -> model.imageProcessor().pixels(file), sink);
  }

  /** As {@link #run(List, Sink)}, of items that somebody else makes pixels of. */
  public <T, X extends Exception> void run(
      List<T> items, Preparation<T> preparation, Sink<T, R, X> sink)
      throws X, InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    try (Prefetch<T, Prepared<T>> prepared =
        new Prefetch<>(items, item -> prepare(preparation, item), threads, ahead())) {
      while (prepared.hasNext()) {
        runBatch(prepared, sink);
      }
    }
  }

  /** Images that are worked on or wait: enough for the next batches, if the heap has room. */
  private int ahead() {
    Runtime heap = Runtime.getRuntime();
    long free = heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    long room = Math.max(free / HEAP_SHARE / bytesPerImage(), 1);
    return (int) Math.min((long) BATCHES_AHEAD * batch, room);
  }

  private long bytesPerImage() {
    Extent size = model.config().imageSize();
    return (long) Float.BYTES * model.config().channels() * size.height() * size.width();
  }

  private static <T> Prepared<T> prepare(Preparation<T> preparation, T item) {
    try {
      return new Prepared<>(item, preparation.pixels(item), null);
    } catch (ImageException unreadable) {
      return new Prepared<>(item, null, unreadable);
    }
  }

  /** Hands over at once what has no pixels, unless images before it wait for the batch to fill. */
  private <T, X extends Exception> void runBatch(
      Prefetch<T, Prepared<T>> prepared, Sink<T, R, X> sink) throws X, InterruptedException {
    List<Outcome<T, R>> waiting = new ArrayList<>();
    BitSet readable = new BitSet();
    List<Pixels> images = new ArrayList<>();
    while (images.size() < batch && prepared.hasNext()) {
      Prepared<T> next = prepared.next();
      Outcome<T, R> unanswered = new Outcome<>(next.item(), null, next.error());
      if (next.pixels() != null) {
        readable.set(waiting.size());
        images.add(next.pixels());
        waiting.add(unanswered);
      } else if (images.isEmpty()) {
        sink.accept(unanswered);
      } else {
        waiting.add(unanswered);
      }
    }
    if (images.isEmpty()) {
      return;
    }
    Pixels pixels = Pixels.concat(images);
    images.clear();
    Iterator<R> results = forward.apply(pixels).iterator();
    for (int i = 0; i < waiting.size(); i++) {
      Outcome<T, R> outcome = waiting.get(i);
      sink.accept(readable.get(i) ? new Outcome<>(outcome.item(), results.next(), null) : outcome);
    }
  }
}
