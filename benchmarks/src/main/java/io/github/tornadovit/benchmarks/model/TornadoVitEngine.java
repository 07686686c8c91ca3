package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Encoder.Forward;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our engine: the forward pass and a backend of {@code VisionModel}. What the peers do not do, the
 * decoding and preprocessing of images, is apart.
 */
public final class TornadoVitEngine implements ForwardEngine {
  private final Checkpoint checkpoint;
  private final Backend backend;
  private final Forward forward;
  private final long loadNanos;
  private final long backendNanos;
  private long firstPlanNanos;
  private long firstRunNanos;
  private @Nullable Plan plan;

  /**
   * Loads a checkpoint folder for the CPU backend.
   *
   * @throws IllegalArgumentException if the checkpoint has no image classifier
   */
  public TornadoVitEngine(EngineSetting setting) {
    this(setting, BackendChoice.CPU, null);
  }

  /**
   * Loads a checkpoint folder.
   *
   * @param device of TornadoVM, or null for the backend's own choice
   * @throws IllegalArgumentException if the checkpoint has no image classifier
   */
  public TornadoVitEngine(EngineSetting setting, BackendChoice choice, @Nullable String device) {
    long start = System.nanoTime();
    checkpoint = Checkpoint.open(setting.model());
    try {
      forward = forward(checkpoint, Set.of(Stage.LOGITS));
      long loaded = System.nanoTime();
      loadNanos = loaded - start;
      backend = Backends.select(choice, setting.threads(), device).backend();
      backendNanos = System.nanoTime() - loaded;
    } catch (RuntimeException | Error failure) {
      checkpoint.close();
      throw failure;
    }
  }

  /**
   * What a benchmark must know of a checkpoint before an engine runs it.
   *
   * @param flopsPerImage of the whole model, as every engine that is compared would compute it;
   *     ours leaves out what the logits do not need
   */
  public record Facts(ImageShape images, long flopsPerImage, VisionConfig config) {

    /** Reads the checkpoint folder. */
    public static Facts of(Path folder) {
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        return new Facts(
            ImageShape.of(checkpoint.config()),
            forward(checkpoint, Set.of(Stage.LOGITS, Stage.LAST_HIDDEN)).program().flops(),
            checkpoint.config());
      }
    }
  }

  /**
   * Where the time to the first label goes, in nanoseconds.
   *
   * @param load opening the checkpoint and finding its tensors
   * @param backend starting the backend, TornadoVM included
   * @param plan the first plan: weights packed, on a device kernels proven and weights copied
   * @param planAgain a second plan, made later: what of that was done once is not done again
   * @param run the first forward pass
   * @param runAgain the second one
   */
  public record ColdStart(
      long load, long backend, long plan, long planAgain, long run, long runAgain) {}

  /** Of a batch from image files to logits, and of reading them: decoding and preprocessing. */
  public record PipelineTime(long nanos, long readNanos) {}

  private static Forward forward(Checkpoint checkpoint, Set<Stage> stages) {
    Encoder encoder = new Encoder(checkpoint.weights());
    if (!encoder.has(Stage.LOGITS)) {
      throw new IllegalArgumentException(checkpoint.name() + ": no image classifier to compare");
    }
    return encoder.forward(stages);
  }

  @Override
  public String name() {
    return "tornado-vit";
  }

  @Override
  public String version() {
    return backend.device().name();
  }

  /** What the forward passes run on. */
  public DeviceInfo device() {
    return backend.device();
  }

  @Override
  public float[] logits(float[] pixels, int batch) {
    long start = System.nanoTime();
    Plan ready = planFor(batch);
    long planned = System.nanoTime();
    ready.run(pixels, batch);
    float[] logits = ready.output(forward.output(Stage.LOGITS));
    if (firstRunNanos == 0) {
      firstPlanNanos = planned - start;
      firstRunNanos = System.nanoTime() - planned;
    }
    return logits;
  }

  /** The cold start of this engine, to be asked for right after the first forward pass. */
  public ColdStart coldStart(float[] pixels) {
    if (firstRunNanos == 0) {
      logits(pixels, 1);
    }
    long begin = System.nanoTime();
    logits(pixels, 1);
    long ran = System.nanoTime();
    backend.plan(forward.program(), 1).close();
    long planned = System.nanoTime();
    return new ColdStart(
        loadNanos, backendNanos, firstPlanNanos, planned - ran, firstRunNanos, ran - begin);
  }

  /** The time of every operation of a forward pass, as the backend takes it. */
  public List<KernelTime> profile(float[] pixels, int batch) {
    return planFor(batch).profile(pixels, batch);
  }

  /** Bytes that plans hold on the device; empty where that is the host. */
  public OptionalLong deviceBytes() {
    return backend instanceof TornadoBackend device
        ? OptionalLong.of(device.takenBytes())
        : OptionalLong.empty();
  }

  /**
   * Decodes, preprocesses and classifies, one image after the other and then the batch at once, as
   * the command {@code classify} does.
   *
   * @param files endless
   */
  public PipelineTime classify(Iterator<Path> files, int batch) {
    long start = System.nanoTime();
    ImageShape shape = ImageShape.of(checkpoint.config());
    Preprocessor preprocessor =
        new Preprocessor(
            checkpoint.preprocessor(), shape.channels(), checkpoint.config().imageSize());
    ImageDecoder decoder = new ImageDecoder();
    float[] pixels = new float[Math.multiplyExact(batch, shape.size())];
    for (int i = 0; i < batch; i++) {
      preprocessor.apply(decoder.decode(files.next()), pixels, i * shape.size());
    }
    long read = System.nanoTime();
    logits(pixels, batch);
    return new PipelineTime(System.nanoTime() - start, read - start);
  }

  /** A plan whose buffers fit the batch, as a user sets it once; weights are packed only once. */
  private Plan planFor(int batch) {
    Plan open = plan;
    if (open == null || open.maxBatch() != batch) {
      if (open != null) {
        open.close();
      }
      open = backend.plan(forward.program(), batch);
      plan = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (plan != null) {
      plan.close();
    }
    backend.close();
    checkpoint.close();
  }
}
