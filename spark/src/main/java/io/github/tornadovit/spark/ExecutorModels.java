package io.github.tornadovit.spark;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The models of this JVM: each opened once, by the first task that needs it, and shared by all.
 *
 * <p>A model stays open until the JVM ends, which closes it. One that fails in a way that is not an
 * image's is closed, so that the task that Spark repeats opens it anew.
 */
final class ExecutorModels {
  private static final Map<Key, Slot> SLOTS = new ConcurrentHashMap<>();
  private static final AtomicInteger OPENED = new AtomicInteger();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(ExecutorModels::closeAll, "tornado-vit-spark-close"));
  }

  private ExecutorModels() {}

  private record Key(CheckpointSource source, ModelOptions options) {}

  /** The place of a model, whose lock is held while it is opened and not while others are. */
  private static final class Slot {
    private @Nullable ExecutorModel model;

    synchronized ExecutorModel open(Key key) {
      ExecutorModel open = model;
      if (open == null || open.isClosed()) {
        open = ExecutorModel.open(key.source(), key.options());
        model = open;
        OPENED.incrementAndGet();
      }
      return open;
    }

    synchronized void close() {
      if (model != null) {
        model.close();
      }
    }
  }

  /**
   * The model for this task.
   *
   * @throws io.github.tornadovit.base.CheckpointException if there is no such model, or it is not
   *     usable
   * @throws io.github.tornadovit.kernels.backend.BackendException if the device cannot run it
   * @throws io.github.tornadovit.hub.HubException if the hub does not give it
   * @throws IllegalStateException if this JVM lacks flags, or the device that Spark gave the task
   */
  static ExecutorModel of(ModelSpec spec) {
    JvmFlags.require();
    Key key = new Key(ModelLocation.of(spec.model()), options(spec));
    return SLOTS.computeIfAbsent(key, absent -> new Slot()).open(key);
  }

  private static ModelOptions options(ModelSpec spec) {
    ModelOptions options =
        ModelOptions.defaults()
            .withThreads(Executor.threads())
            .withBatch(spec.batch())
            .withDevice(spec.device().isEmpty() ? Executor.device() : spec.device())
            .withPrecision(spec.precision());
    return spec.imageSize() == 0 ? options : options.withImageSize(spec.imageSize());
  }

  /** How many models this JVM has opened. */
  static int opened() {
    return OPENED.get();
  }

  private static void closeAll() {
    SLOTS.values().forEach(Slot::close);
  }
}
