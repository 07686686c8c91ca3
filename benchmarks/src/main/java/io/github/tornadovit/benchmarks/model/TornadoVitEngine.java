package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.benchmarks.kernel.OperationBenchmark;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Session;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our engine: the session of a {@code VisionModel}. What the peers do not do, the decoding and
 * preprocessing of images, is apart.
 */
public final class TornadoVitEngine implements ForwardEngine {
  private final Checkpoint checkpoint;
  private final Session session;
  private final long loadNanos;
  private final long backendNanos;
  private long firstPlanNanos;
  private long firstRunNanos;

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
      loadNanos = System.nanoTime() - start;
      session =
          Session.open(
              checkpoint,
              ModelOptions.defaults()
                  .withBackend(choice)
                  .withDevice(device)
                  .withThreads(setting.threads())
                  .withBatch(setting.batch())
                  .withPrecision(OperationBenchmark.precision(setting.precision())));
      backendNanos = System.nanoTime() - start - loadNanos;
    } catch (RuntimeException | Error failure) {
      checkpoint.close();
      throw failure;
    }
    if (!session.has(Stage.LOGITS)) {
      close();
      throw new IllegalArgumentException(checkpoint.name() + ": no image classifier to compare");
    }
  }

  /**
   * Facts of a checkpoint that a benchmark needs before an engine runs it.
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
            new Encoder(checkpoint.weights())
                .forward(Set.of(Stage.LOGITS, Stage.LAST_HIDDEN))
                .program()
                .flops(),
            checkpoint.config());
      }
    }
  }

  /**
   * The parts of the time to the first label, in nanoseconds.
   *
   * @param load opening the checkpoint
   * @param backend finding its tensors and starting the backend, TornadoVM included
   * @param plan the first plan: weights packed, on a device kernels proven and weights copied
   * @param planAgain a second plan, of the last hidden state: what of that was done once is not
   *     done again
   * @param run the first forward pass
   * @param runAgain the second one
   */
  public record ColdStart(
      long load, long backend, long plan, long planAgain, long run, long runAgain) {}

  /** Of a batch from image files to logits, and of reading them: decoding and preprocessing. */
  public record PipelineTime(long nanos, long readNanos) {}

  @Override
  public String name() {
    return "tornado-vit";
  }

  @Override
  public String version() {
    return session.device().name();
  }

  /** The device of the forward passes. */
  public DeviceInfo device() {
    return session.device();
  }

  @Override
  public float[] logits(float[] pixels, int batch) {
    Pixels images = pixels(pixels, batch);
    if (firstRunNanos == 0) {
      long start = System.nanoTime();
      session.maxBatch(); // Makes the plan.
      firstPlanNanos = System.nanoTime() - start;
      float[] logits = logits(images);
      firstRunNanos = System.nanoTime() - start - firstPlanNanos;
      return logits;
    }
    return logits(images);
  }

  /** The cold start of this engine, to be asked for right after the first forward pass. */
  public ColdStart coldStart(float[] pixels) {
    if (firstRunNanos == 0) {
      logits(pixels, 1);
    }
    long begin = System.nanoTime();
    logits(pixels, 1);
    long ran = System.nanoTime();
    session.maxBatch(Stage.LAST_HIDDEN);
    long planned = System.nanoTime();
    return new ColdStart(
        loadNanos, backendNanos, firstPlanNanos, planned - ran, firstRunNanos, ran - begin);
  }

  private Pixels pixels(float[] values, int batch) {
    VisionConfig config = session.config();
    return Pixels.of(
        batch, config.channels(), config.imageSize().height(), config.imageSize().width(), values);
  }

  private float[] logits(Pixels pixels) {
    return Objects.requireNonNull(session.run(pixels, Set.of(Stage.LOGITS)).get(Stage.LOGITS));
  }

  /** The time of every operation of a forward pass, as the backend takes it. */
  public List<KernelTime> profile(int batch) {
    return session.profile(batch);
  }

  /** Bytes that plans hold on the device; empty where that is the host. */
  public OptionalLong deviceBytes() {
    return session.deviceBytes();
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

  @Override
  public void close() {
    try (checkpoint) {
      session.close();
    }
  }
}
