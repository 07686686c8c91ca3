package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.PlanCache.Planned;
import io.github.tornadovit.engine.event.FallbackEvent;
import io.github.tornadovit.engine.event.ForwardPassEvent;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.BackendSelection;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A checkpoint on a backend: runs forward passes, from pixels to the values of stages. {@link
 * VisionModel} makes answers of them; what diagnoses and measures asks the session.
 *
 * <p><b>Threads:</b> safe for use by several threads; forward passes run one at a time, each on all
 * of the session's processors. <b>Memory:</b> the weights once, and the activations of the largest
 * batch. Stages that are no {@linkplain #answers() answers} have a plan of their own on the same
 * weights, which is kept until others are asked for.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Session.class.getName());

  private final Checkpoint checkpoint;
  private final ModelOptions options;
  private final VisionConfig config;
  private final Encoder encoder;
  private final ModelStages stages;
  private final Set<Stage> answers;
  private volatile BackendSelection selection;
  private PlanCache plans;
  private final DeviceTrust trust = new DeviceTrust();
  private boolean closed;

  /**
   * Opens a backend for a checkpoint.
   *
   * @param checkpoint of the caller, who closes it after the session
   * @throws CheckpointException if it is not usable
   * @throws BackendException if the backend or the device that the options name cannot run here
   */
  public static Session open(Checkpoint checkpoint, ModelOptions options) {
    try {
      return new Session(checkpoint, options, ImageSize.of(checkpoint, options.imageSize()));
    } catch (RuntimeException | Error failure) {
      checkpoint.blame(failure);
      throw failure;
    }
  }

  Session(Checkpoint checkpoint, ModelOptions options, ImageSize imageSize) {
    this.checkpoint = checkpoint;
    this.options = options;
    config = checkpoint.config().withImageSize(imageSize.size());
    encoder = new Encoder(checkpoint.weights(), imageSize.size(), options.precision());
    stages = new ModelStages(checkpoint, config, encoder);
    answers = stages.answers();
    selection =
        Backends.select(
            options.backend(), options.threads(), options.device(), options.precision());
    plans = plans();
    proveChoice();
    if (options.backend() == BackendChoice.AUTO
        && !(selection.backend() instanceof TornadoBackend)) {
      FallbackEvent.record(checkpoint.name(), selection, options.precision());
    }
    LOGGER.log(
        Level.DEBUG, () -> "%s runs on %s: %s".formatted(checkpoint.name(), device(), reason()));
  }

  private PlanCache plans() {
    return new PlanCache(
        checkpoint, encoder, selection.backend(), device(), options.batch(), answers);
  }

  /**
   * A device that AUTO chose has to run this model, or AUTO takes the CPU: a kernel may not compile
   * there, or the model not fit into its memory.
   */
  private void proveChoice() {
    if (!mayGiveUp()) {
      return;
    }
    Backend chosen = selection.backend();
    try {
      plans.of(answers);
    } catch (BackendException unusable) {
      chosen.close();
      selection = Backends.afterFailure(options.threads(), unusable);
      plans = plans();
    } catch (RuntimeException | Error failure) {
      chosen.close();
      throw failure;
    }
  }

  /** Whether AUTO chose a device, and may choose again. */
  private boolean mayGiveUp() {
    return options.backend() == BackendChoice.AUTO
        && options.device() == null
        && options.precision() == Precision.F32
        && selection.backend() instanceof TornadoBackend;
  }

  /**
   * Runs what needs the backend. Where AUTO chose a device that fails, the CPU does it again, and
   * all that follows. A device that was asked for is opened anew by what comes next.
   */
  private synchronized <T> T onBackend(Supplier<T> work) {
    requireOpen();
    trust.require();
    try {
      return work.get();
    } catch (BackendException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      if (!mayGiveUp()) {
        trust.failed(failure, plans.closeBroken());
        throw failure;
      }
      giveUp(failure);
      return work.get();
    }
  }

  private void giveUp(BackendException failure) {
    BackendSelection host = Backends.afterFailure(options.threads(), failure);
    Backend device = selection.backend();
    PlanCache ofDevice = plans;
    try (device;
        ofDevice) {
      selection = host;
      plans = plans();
    } catch (BackendException unfreed) {
      LOGGER.log(Level.DEBUG, "closing a device that failed", unfreed);
    }
    FallbackEvent.record(checkpoint.name(), selection, options.precision());
    LOGGER.log(
        Level.WARNING,
        () -> "%s goes on on %s: %s".formatted(checkpoint.name(), device(), reason()));
  }

  /** The options that the session was opened with. */
  public ModelOptions options() {
    return options;
  }

  /** The checkpoint's configuration, with the image size that the session runs at. */
  public VisionConfig config() {
    return config;
  }

  /**
   * The device that executes the forward passes. Where AUTO took a device that fails later, the CPU
   * does from then on. A device that was asked for and fails is opened anew by the next pass; if
   * that fails too, every later pass says why.
   */
  public DeviceInfo device() {
    return selection.backend().device(options.precision());
  }

  /** Why this backend and device execute: as asked for, or how AUTO decided. One clause. */
  public String reason() {
    return selection.reason();
  }

  /** Processors of the host that a forward pass keeps busy; the rest is free to prepare images. */
  public int hostThreads() {
    return selection.backend().hostThreads();
  }

  /** Bytes that plans hold on the device; empty where that is the host. */
  public OptionalLong deviceBytes() {
    return selection.backend() instanceof TornadoBackend device
        ? OptionalLong.of(device.takenBytes())
        : OptionalLong.empty();
  }

  /**
   * Bytes that weights and activations take, computed: in the session's precision, for its largest
   * batch.
   */
  public MemoryEstimate memoryEstimate() {
    return MemoryEstimate.of(encoder.forward(answers).program(), maxBatch());
  }

  /** The vectors that the model gives; one plan computes them all, whichever is asked for. */
  public Set<Stage> answers() {
    return answers;
  }

  /** Whether the model has what the stage is computed from. */
  public boolean has(Stage stage) {
    return encoder.has(stage);
  }

  /**
   * Checks that the model has a stage.
   *
   * @throws UnsupportedOperationException if it has no classifier, no pooler
   * @throws IllegalArgumentException if it has no such block
   */
  public void require(Stage stage) {
    stages.require(stage);
  }

  /**
   * Runs one forward pass.
   *
   * @param pixels of 1 to {@link #maxBatch(Stage)} images
   * @param stages at least one
   * @return of each stage {@code [images, rows, columns]}, a new array
   * @throws UnsupportedOperationException if the model has no such stage
   * @throws IllegalArgumentException if there is no such block, if there are more images, or the
   *     pixels are of another size
   * @throws CheckpointException if a value is not finite, or a file of the checkpoint changed
   * @throws BackendException if the device fails
   */
  public Map<Stage, float[]> run(Pixels pixels, Set<Stage> stages) {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("no stage is asked for, expected at least one");
    }
    requireSize(pixels);
    Set<Stage> asked = Set.copyOf(stages);
    return onBackend(() -> trust.passed(pass(pixels, asked)));
  }

  /** As {@link #run(Pixels, Set)}, of one stage: an array per image, in order. */
  public List<float[]> run(Pixels pixels, Stage stage) {
    float[] values = Objects.requireNonNull(run(pixels, Set.of(stage)).get(stage));
    int width = values.length / pixels.images();
    return IntStream.range(0, pixels.images())
        .mapToObj(i -> Arrays.copyOfRange(values, i * width, (i + 1) * width))
        .toList();
  }

  private Map<Stage, float[]> pass(Pixels pixels, Set<Stage> stages) {
    Planned planned = planned(stages);
    Outputs outputs = execute(planned, pixels);
    Map<Stage, float[]> values = new HashMap<>();
    for (Stage stage : stages) {
      float[] output = outputs.of(planned.forward().output(stage));
      requireFinite(output, stage, planned.forward().program());
      values.put(stage, output);
    }
    return values;
  }

  private Outputs execute(Planned planned, Pixels pixels) {
    ForwardPassEvent event = new ForwardPassEvent();
    event.begin();
    Outputs outputs = planned.plan().run(pixels.values(), pixels.images());
    event.finish(checkpoint.name(), this::device, pixels.images());
    return outputs;
  }

  /** The plan of stages; of all answers, if they are among them. */
  private Planned planned(Set<Stage> asked) {
    asked.forEach(this::require);
    return plans.of(answers.containsAll(asked) ? answers : asked);
  }

  private void requireSize(Pixels pixels) {
    int channels = config.channels();
    int height = config.imageSize().height();
    int width = config.imageSize().width();
    if (pixels.channels() != channels || pixels.height() != height || pixels.width() != width) {
      throw new IllegalArgumentException(
          "%s: pixels are %s, expected [images, %d, %d, %d]; the model's imageProcessor makes them"
              .formatted(checkpoint.name(), pixels.shape(), channels, height, width));
    }
  }

  private void requireFinite(float[] values, Stage stage, Program program) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            checkpoint.name(),
            "the %s that it computes hold %s: %s"
                .formatted(
                    stage.label(),
                    value,
                    DamagedWeight.of(program)
                        .map(where -> "its weight " + where + "; get the checkpoint again")
                        .orElse(
                            "its weights are damaged or too large for "
                                + (options.precision() == Precision.F16
                                    ? "float16; use precision f32"
                                    : "float32"))));
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(checkpoint.name() + ": the model is closed");
    }
  }

  /**
   * Images per forward pass at most: what the options say, or less where the device's memory does
   * not hold that many.
   */
  public int maxBatch() {
    return maxBatchOf(answers);
  }

  /**
   * As {@link #maxBatch()}, of the plan that computes a stage; 1 for attention's weights.
   *
   * @throws UnsupportedOperationException if the model has no such stage
   * @throws IllegalArgumentException if there is no such block
   */
  public int maxBatch(Stage stage) {
    return maxBatchOf(Set.of(stage));
  }

  private int maxBatchOf(Set<Stage> stages) {
    return onBackend(() -> planned(stages).plan().maxBatch());
  }

  /**
   * Runs blank images, so that kernels are compiled and caches are warm before the first request;
   * on a GPU each batch size compiles kernels of its own, which takes seconds.
   *
   * @param batches how many images at a time; none for 1 and {@link #maxBatch()}
   * @throws IllegalArgumentException if a batch is less than 1 or more than {@link #maxBatch()}
   */
  public void warmUp(int... batches) {
    warmUp(answers, WarmUpProgress.SILENT, batches);
  }

  /** As {@link #warmUp(int...)}, of the plan that computes a stage. */
  public void warmUp(Stage stage, int... batches) {
    warmUp(Set.of(stage), WarmUpProgress.SILENT, batches);
  }

  /**
   * As {@link #warmUp(int...)}.
   *
   * @param progress called before each batch size and at the end, on the calling thread
   */
  public void warmUp(WarmUpProgress progress, int... batches) {
    warmUp(answers, progress, batches);
  }

  private void warmUp(Set<Stage> stages, WarmUpProgress progress, int... batches) {
    int most = maxBatchOf(stages);
    int[] sizes = batches.length > 0 ? batches.clone() : new int[] {1, most};
    Arrays.sort(sizes);
    for (int done = 0; done < sizes.length; done++) {
      int size = sizes[done];
      Pixels pixels = blank(size, most);
      progress.next(size, done, sizes.length);
      // Twice: a plan may pad a size that it meets for the first time into a larger, compiled one.
      for (int i = 0; i < 2; i++) {
        onBackend(() -> trust.passed(execute(planned(stages), pixels)));
      }
    }
    progress.next(sizes[sizes.length - 1], sizes.length, sizes.length);
  }

  /**
   * Takes the time of every operation of a forward pass of blank images. On a GPU TornadoVM's
   * profiler takes it, which makes the pass slower as a whole.
   *
   * @param images from 1 to {@link #maxBatch()}
   * @return one entry per operation, in order
   * @throws IllegalArgumentException if there are fewer images, or more
   */
  public List<KernelTime> profile(int images) {
    Pixels pixels = blank(images, maxBatch());
    return onBackend(() -> trust.passed(planned(answers).plan().profile(pixels.values(), images)));
  }

  private Pixels blank(int images, int most) {
    if (images < 1 || images > most) {
      throw new IllegalArgumentException("batch is %d, expected 1 to %d".formatted(images, most));
    }
    int height = config.imageSize().height();
    int width = config.imageSize().width();
    int size = Math.multiplyExact(images, config.channels() * height * width);
    return Pixels.owning(images, config.channels(), height, width, new float[size]);
  }

  /**
   * Writes the generated source of every kernel of a forward pass, one file per launch. The kernels
   * are compiled and launched, their answers are not looked at. TornadoVM has to be asked for
   * sources before it starts: {@link Backends#keepKernelSources}.
   *
   * @param folder made if missing
   * @param images of the batch that the kernels are for, from 1 on
   * @throws UnsupportedOperationException if the session runs on the host, without kernels
   */
  public synchronized void writeKernelSources(Path folder, int images) {
    requireOpen();
    if (!(selection.backend() instanceof TornadoBackend device)) {
      throw new UnsupportedOperationException(
          "%s runs on %s, which has no generated kernels; use backend tornado"
              .formatted(checkpoint.name(), device()));
    }
    device.writeKernelSources(encoder.forward(answers).program(), images, folder);
  }

  /** Frees plans and backend. Waits for a running forward pass. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // The backend is closed whatever the plans do: a lost device may not even give up a plan.
      try (Backend _ = selection.backend()) {
        plans.close();
      }
    }
  }
}
