package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.WarmUpProgress;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.service.ServiceObserver.Outcome;
import io.github.tornadovit.engine.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Answers many callers with one model, whose forward passes take the images of several callers at a
 * time.
 *
 * {@snippet :
 * try (VisionModel model = VisionModel.load(Path.of("vit-face-mask"));
 *     BatchingService<Classification> service =
 *         BatchingService.classifying(model, ServiceOptions.defaults())) {
 *   service.warmUp();
 *   CompletableFuture<Classification> answer = service.submit(Path.of("face.jpg"));
 *   System.out.println(answer.orTimeout(2, TimeUnit.SECONDS).join().top());
 * }
 * }
 *
 * <p><b>Batches.</b> Images are decoded and preprocessed in {@code submit}, on the caller's thread,
 * while the model runs others; then they queue. The service takes the oldest as soon as the model
 * is free: all that wait, up to the {@linkplain ServiceOptions#maxBatch() largest batch}. Fewer are
 * held back until the oldest has waited for the {@linkplain ServiceOptions#maxDelay() delay}, as
 * Triton's dynamic batcher does.
 *
 * <p><b>Answers.</b> Every {@code submit} returns a future that is completed exactly once, whatever
 * happens: with the answer; with {@link ImageException} if the image cannot be read, which touches
 * no other request; with what the forward pass threw, after its image was tried alone if the batch
 * had others, and twice on a device that failed, which is opened anew in between; with {@link
 * OverloadException} if there is no room; with {@link ServiceClosedException}. {@code submit}
 * itself throws none of these. What hangs on a future runs on a virtual thread of its own and may
 * block.
 *
 * <p><b>Back-pressure.</b> A request takes its place before its image is decoded, so an overloaded
 * service refuses at next to no cost. It refuses at once, or lets the caller wait for the
 * {@linkplain ServiceOptions#maxWait() time} that the options say.
 *
 * <p><b>Cancelling.</b> A request whose future is cancelled, timed out ({@link
 * CompletableFuture#orTimeout}) or otherwise completed by its caller leaves the queue at once and
 * is not run, unless its batch has begun. Cancel the future that {@code submit} returned: a
 * dependent one does not tell it.
 *
 * <p><b>Threads:</b> safe for use by several threads. The service has one platform thread of its
 * own, a daemon: an application ends when it wants to and closes the service if it cares for what
 * waits. <b>Lifetime:</b> close the service before its model, which it does not own; several
 * services may share one, whose passes then take turns.
 *
 * @param <R> the answer for an image
 */
public final class BatchingService<R> implements AutoCloseable {
  private static final AtomicInteger SERVICES = new AtomicInteger();

  private final String name = "tornado-vit-batch-" + SERVICES.incrementAndGet();
  private final RequestQueue<R> queue;
  private final BatchWork<R> work;
  private final Answers<R> answers = new Answers<>(name);
  private final Semaphore preparers;
  private final long maxWaitNanos;
  private final int maxBatch;
  private final Thread thread;

  BatchingService(BatchWork<R> work, ServiceOptions options) {
    this.work = work;
    queue = new RequestQueue<>(options.capacity());
    int processors = Runtime.getRuntime().availableProcessors();
    preparers = new Semaphore(options.preparers() == 0 ? processors : options.preparers());
    maxWaitNanos = options.maxWait().toNanos();
    int most = work.maxBatch();
    maxBatch = options.maxBatch() == 0 ? most : Math.min(options.maxBatch(), most);
    thread =
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(new BatchRunner<>(queue, work, answers, maxBatch, options.maxDelay()));
  }

  /**
   * A service that classifies.
   *
   * @param model owned by the caller, who closes it after the service
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public static BatchingService<Classification> classifying(
      VisionModel model, ServiceOptions options) {
    model.session().require(Stage.LOGITS);
    return new BatchingService<>(new ModelWork<>(model, Stage.LOGITS, model::classify), options);
  }

  /**
   * A service that computes features, each as {@link VisionModel#embed(java.util.List, Feature)}
   * gives it.
   *
   * @param model owned by the caller, who closes it after the service
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public static BatchingService<float[]> embedding(
      VisionModel model, Feature feature, ServiceOptions options) {
    model.session().require(feature.stage()); // Refused here and not by every request.
    return new BatchingService<>(
        new ModelWork<>(model, feature.stage(), pixels -> model.embed(pixels, feature)), options);
  }

  /** The name with which those of its threads begin. */
  public String name() {
    return name;
  }

  /** Images of a batch at most: what the options say, or less where the model takes fewer. */
  public int maxBatch() {
    return maxBatch;
  }

  /** Requests that wait for the model at the moment; those being prepared are not counted. */
  public int queued() {
    return queue.size();
  }

  /** Tells an observer of everything from now on. */
  public void observe(ServiceObserver observer) {
    answers.observe(observer);
  }

  /**
   * Runs blank images of every batch size that a model has a plan for, 1, 2, 4, … and the largest,
   * so that no request waits for a kernel to be compiled. On a GPU this takes seconds per size.
   */
  public void warmUp() {
    warmUp(WarmUpProgress.SILENT);
  }

  /**
   * As {@link #warmUp()}.
   *
   * @param progress called before each batch size and at the end, on the calling thread
   */
  public void warmUp(WarmUpProgress progress) {
    int[] smaller =
        IntStream.iterate(1, images -> images < maxBatch, images -> 2 * images).toArray();
    for (int done = 0; done <= smaller.length; done++) {
      int images = done < smaller.length ? smaller[done] : maxBatch;
      progress.next(images, done, smaller.length + 1);
      work.warmUp(images);
    }
    progress.next(maxBatch, smaller.length + 1, smaller.length + 1);
  }

  /** Asks for the answer for an image file. */
  public CompletableFuture<R> submit(Path image) {
    return prepare(() -> work.pixels(image));
  }

  /**
   * Asks for the answer for an image in memory.
   *
   * @param encoded a whole image file
   * @param name how error messages call it
   */
  public CompletableFuture<R> submit(byte[] encoded, String name) {
    return prepare(() -> work.pixels(encoded, name));
  }

  /** Asks for the answer for a decoded image. */
  public CompletableFuture<R> submit(RgbImage image) {
    return prepare(() -> work.pixels(image));
  }

  /**
   * Asks for the answer for pixels that the caller has prepared.
   *
   * @param image of one image; of another number, or of another size than the model's, the future
   *     fails with {@code IllegalArgumentException}
   */
  public CompletableFuture<R> submit(Pixels image) {
    return prepare(() -> one(image));
  }

  private static Pixels one(Pixels image) {
    if (image.images() != 1) {
      throw new IllegalArgumentException(
          "pixels are of %d images, expected 1".formatted(image.images()));
    }
    return image;
  }

  private CompletableFuture<R> prepare(Supplier<Pixels> image) {
    try {
      queue.takePlace(maxWaitNanos);
    } catch (RejectedExecutionException refused) {
      return answers.failed(refused, Outcome.REFUSED);
    }
    Pixels pixels;
    try {
      preparers.acquireUninterruptibly();
      try {
        pixels = image.get();
      } finally {
        preparers.release();
      }
    } catch (RuntimeException | Error unreadable) { // An error too is this request's alone.
      queue.giveBack();
      return answers.failed(unreadable, Outcome.UNREADABLE);
    }
    return enqueue(new Request<>(pixels, new CompletableFuture<>()));
  }

  private CompletableFuture<R> enqueue(Request<R> request) {
    try {
      queue.add(request);
    } catch (ServiceClosedException closed) {
      queue.giveBack();
      return answers.failed(closed, Outcome.REFUSED);
    }
    // Its own completion finds it taken from the queue: what is removed here, its caller ended.
    CompletableFuture<R> _ =
        request
            .answer()
            .whenComplete(
                (_, _) -> {
                  if (queue.remove(request)) {
                    answers.abandoned();
                  }
                });
    return request.answer();
  }

  /**
   * Refuses new requests, answers all that were accepted, and returns when they are: drains.
   * Idempotent. Interrupting the thread that waits here fails what has not begun.
   */
  @Override
  public void close() {
    close(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Refuses new requests, answers those that were accepted for some time, then fails with {@link
   * ServiceClosedException} the ones whose batch has not begun. A forward pass that has begun ends,
   * and its requests get their answers: when this returns, every future is completed and the
   * service's thread has ended.
   *
   * @param grace how long to go on; zero fails at once what waits
   * @throws IllegalStateException if an observer calls it on the service's own thread, which would
   *     wait for itself
   */
  public void close(Duration grace) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("the service is closed on its own thread " + name);
    }
    queue.close();
    boolean interrupted = false;
    boolean ended = false;
    try {
      ended = thread.join(grace);
    } catch (InterruptedException impatient) {
      interrupted = true;
    }
    while (!ended) {
      queue.drain().forEach(r -> answers.fail(r, new ServiceClosedException(), Outcome.REFUSED));
      try {
        thread.join();
        ended = true;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    answers.awaitGiven();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
