package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.WarmUpProgress;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.engine.stage.Stage;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model with a service for its classes, one for each feature that was asked for, and a thread for
 * attention, which takes one image at a time.
 */
public final class LoadedModel implements ServedModel, AutoCloseable {
  private final VisionModel model;
  private final ModelCard card;
  private final ServiceOptions options;
  private final BiConsumer<BatchingService<?>, String> observer;
  private final @Nullable BatchingService<Classification> classifying;
  private final Map<Feature, BatchingService<float[]>> embedding = new ConcurrentHashMap<>();
  private final ExecutorService attention =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("tornado-vit-attention").factory());

  /**
   * Starts the services.
   *
   * @param model owned by the caller, who closes it later
   * @param name of the model for callers
   * @param facts for {@code GET /model}, besides those of the {@linkplain ModelCard#of card}
   * @param observer is told of each service and of what it answers, for metrics
   */
  public LoadedModel(
      VisionModel model,
      String name,
      Map<String, Object> facts,
      ServiceOptions options,
      BiConsumer<BatchingService<?>, String> observer) {
    this.model = model;
    this.options = options;
    this.observer = observer;
    boolean classifies = model.session().has(Stage.LOGITS);
    card = ModelCard.of(name, model.config(), classifies, facts);
    classifying = classifies ? BatchingService.classifying(model, options) : null;
    if (classifying != null) {
      observer.accept(classifying, "classes");
    }
  }

  /** Runs blank images, so that no request waits for a kernel to be compiled. */
  public void warmUp(WarmUpProgress progress) {
    if (classifying != null) {
      classifying.warmUp(progress);
    } else {
      service(Feature.of(Pooling.of(model.config()))).warmUp(progress);
    }
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public CompletableFuture<Classification> classify(Input image) {
    return submit(Objects.requireNonNull(classifying), image);
  }

  @Override
  public CompletableFuture<float[]> embed(Input image, Feature feature) {
    return submit(service(feature), image);
  }

  /** Of poolings there are six, each normalised or not: no caller can have more made. */
  private BatchingService<float[]> service(Feature feature) {
    return embedding.computeIfAbsent(
        feature,
        asked -> {
          BatchingService<float[]> made = BatchingService.embedding(model, asked, options);
          observer.accept(made, asked.toString());
          return made;
        });
  }

  private static <R> CompletableFuture<R> submit(BatchingService<R> service, Input image) {
    return switch (image) {
      case Input.File(byte[] bytes, String name) -> service.submit(bytes, name);
      case Input.Prepared(var pixels) -> service.submit(pixels);
    };
  }

  @Override
  public CompletableFuture<AttentionRoute.Answer> attention(
      Input.File image, AttentionRoute.Question question) {
    CompletableFuture<AttentionRoute.Answer> answer = new CompletableFuture<>();
    attention.execute(
        () -> {
          if (answer.isDone()) { // Nobody waits any more.
            return;
          }
          try {
            answer.complete(question.answer(model, image));
          } catch (RuntimeException | Error failure) {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  /** Answers what was accepted; then the model may be closed. */
  @Override
  public void close() {
    attention.close();
    embedding.values().forEach(BatchingService::close);
    if (classifying != null) {
      classifying.close();
    }
  }
}
