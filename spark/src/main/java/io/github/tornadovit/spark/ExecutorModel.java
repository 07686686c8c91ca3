package io.github.tornadovit.spark;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.spark.TaskKilledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open model that the tasks of a JVM share. They decode side by side; forward passes run one at
 * a time, each on all cores of the executor, so that tasks do not fight for them.
 */
final class ExecutorModel {
  private static final Logger LOGGER = LoggerFactory.getLogger(ExecutorModel.class);

  private final VisionModel model;

  /** Fair: the task that has waited longest is next. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** For tasks of several cores; idle, and without a thread, where they have one. */
  private final ExecutorService decoders;

  private volatile boolean closed;

  private ExecutorModel(VisionModel model, int threads) {
    this.model = model;
    decoders =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("tornado-vit-spark-", 0).factory());
  }

  static ExecutorModel open(CheckpointSource source, ModelOptions options) {
    VisionModel model = VisionModel.load(source, options);
    LOGGER.info(
        "{} opened by {} on {}, {}",
        model.name(),
        Executor.place(),
        model.session().device(),
        model.session().reason());
    model.notes().forEach(note -> LOGGER.info("{}: {}", model.name(), note));
    return new ExecutorModel(model, options.threads());
  }

  VisionModel model() {
    return model;
  }

  ExecutorService decoders() {
    return decoders;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * The answers of a forward pass, and how long it took.
   *
   * @param nanos of the pass alone, without the wait for its turn
   */
  record Pass<R>(List<R> answers, long nanos) {}

  /**
   * Runs a forward pass when it is this task's turn.
   *
   * @throws TaskKilledException if the task is killed meanwhile
   */
  <R> Pass<R> run(Pixels pixels, Function<Pixels, List<R>> forward) {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException killed) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("interrupted");
    }
    try {
      long start = System.nanoTime();
      List<R> answers = forward.apply(pixels);
      return new Pass<>(answers, System.nanoTime() - start);
    } catch (RuntimeException | Error failure) {
      if (Thread.currentThread().isInterrupted()) { // No fault of the model that others use.
        throw new TaskKilledException("interrupted");
      }
      close();
      throw failure;
    } finally {
      turn.unlock();
    }
  }

  /** Frees the model, once. Waits for a running pass; those that wait behind it fail. */
  void close() {
    closed = true;
    decoders.shutdown();
    model.close();
  }
}
