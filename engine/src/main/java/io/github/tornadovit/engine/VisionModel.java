package io.github.tornadovit.engine;

import io.github.tornadovit.engine.event.FallbackEvent;
import io.github.tornadovit.engine.event.ForwardPassEvent;
import io.github.tornadovit.engine.event.ModelLoadEvent;
import io.github.tornadovit.engine.forward.Encoder;
import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.BackendSelection;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointException;
import io.github.tornadovit.weights.checkpoint.CheckpointNote;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import io.github.tornadovit.weights.hub.Hub;
import io.github.tornadovit.weights.hub.HubModel;
import io.github.tornadovit.weights.tensor.Shape;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A Vision Transformer ready to classify and embed images.
 *
 * {@snippet :
 * try (VisionModel model = VisionModel.load(Path.of("vit-face-mask"))) {
 *   Classification answer = model.classify(Path.of("face.jpg"));
 *   System.out.println(answer.top().label() + " " + answer.top().score());
 *   float[] features = model.embed(Path.of("face.jpg"), Pooling.CLS);
 * }
 * }
 *
 * <p>A folder holds a checkpoint as Hugging Face lays it out: {@code config.json}, {@code
 * preprocessor_config.json}, and {@code model.safetensors} or {@code pytorch_model.bin}, whole or
 * sharded. Supported are ViT, BEiT and DeiT encoders, with an image classifier or without.
 *
 * <p><b>Threads:</b> safe for use by several threads; forward passes run one at a time, each on all
 * of the model's processors, while decoding and preprocessing run in the callers. <b>Memory:</b>
 * the weights once, and the activations of the largest batch; nothing grows per call.
 * <b>Lifetime:</b> close the model once; results stay valid. <b>Log:</b> one line per model, at
 * level DEBUG of {@link System.Logger}: what it runs on, and why.
 */
public final class VisionModel implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(VisionModel.class.getName());

  private final Checkpoint checkpoint;
  private final VisionConfig config;
  private final Encoder encoder;
  private volatile BackendSelection selection;
  private final ImageProcessor imageProcessor;
  private final ModelOptions options;
  private final FeatureStages features;
  private ForwardPlans plans;
  private AttentionPass attention;
  private boolean closed;

  private VisionModel(Checkpoint checkpoint, ModelOptions options) {
    this.checkpoint = checkpoint;
    this.options = options;
    ImageSize imageSize = ImageSize.of(checkpoint, options.imageSize());
    config = checkpoint.config().withImageSize(imageSize.size());
    imageProcessor =
        new ImageProcessor(
            new ImageDecoder(options.maxPixels(), options.applyOrientation()),
            preprocessor(checkpoint, imageSize));
    encoder = new Encoder(checkpoint.weights(), imageSize.size(), options.precision());
    features = new FeatureStages(checkpoint.name(), config, encoder);
    plans = new ForwardPlans(checkpoint, encoder, options.batch());
    selection = select(options);
    attention = new AttentionPass(checkpoint, config, encoder, selection.backend());
    if (options.backend() == BackendChoice.AUTO
        && !(selection.backend() instanceof TornadoBackend)) {
      FallbackEvent.record(checkpoint.name(), selection);
    }
    LOGGER.log(
        Level.DEBUG,
        () -> "%s runs on %s: %s".formatted(checkpoint.name(), device(), deviceReason()));
  }

  /**
   * The backend that the options ask for. One that AUTO chose has to run this model, or AUTO takes
   * the CPU: a kernel may not compile on a device, or the model not fit into its memory.
   */
  private BackendSelection select(ModelOptions options) {
    BackendSelection chosen =
        Backends.select(
            options.backend(), options.threads(), options.device(), options.precision());
    if (!mayGiveUp(chosen)) {
      return chosen;
    }
    BackendException unusable;
    try {
      plans.of(plans.answers(), chosen.backend());
      return chosen;
    } catch (BackendException failure) {
      unusable = failure;
      chosen.backend().close();
    } catch (RuntimeException | Error failure) {
      chosen.backend().close();
      throw failure;
    }
    return Backends.afterFailure(options.threads(), unusable);
  }

  /** Whether AUTO chose a device, and may choose again. */
  private boolean mayGiveUp(BackendSelection chosen) {
    return options.backend() == BackendChoice.AUTO
        && options.device() == null
        && chosen.backend() instanceof TornadoBackend;
  }

  /**
   * Runs what needs the backend. Where AUTO chose a device that fails, the CPU does it again, and
   * all that follows.
   */
  private <T> T onBackend(Supplier<T> pass) {
    try {
      return pass.get();
    } catch (BackendException failure) {
      if (closed || Thread.currentThread().isInterrupted() || !mayGiveUp(selection)) {
        throw failure;
      }
      giveUp(failure);
      return pass.get();
    }
  }

  private void giveUp(BackendException failure) {
    BackendSelection host = Backends.afterFailure(options.threads(), failure);
    Backend device = selection.backend();
    AttentionPass maps = attention;
    ForwardPlans passes = plans;
    try (device;
        maps;
        passes) {
      selection = host;
      plans = new ForwardPlans(checkpoint, encoder, options.batch());
      attention = new AttentionPass(checkpoint, config, encoder, host.backend());
    } catch (BackendException unfreed) {
      LOGGER.log(Level.DEBUG, "closing a device that failed", unfreed);
    }
    FallbackEvent.record(checkpoint.name(), host);
    LOGGER.log(
        Level.WARNING,
        () -> "%s goes on on %s: %s".formatted(checkpoint.name(), device(), deviceReason()));
  }

  /**
   * Loads a checkpoint folder with {@linkplain ModelOptions#defaults() default options}.
   *
   * @throws io.github.tornadovit.weights.checkpoint.CheckpointException if the folder holds no
   *     usable checkpoint; the message says what is wrong where
   */
  public static VisionModel load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a checkpoint folder.
   *
   * @throws io.github.tornadovit.weights.checkpoint.CheckpointException if the folder holds no
   *     usable checkpoint; the message says what is wrong where
   * @throws io.github.tornadovit.kernels.backend.BackendException if the backend or the device that
   *     the options name cannot run here
   */
  public static VisionModel load(Path folder, ModelOptions options) {
    return open(() -> Checkpoint.open(folder), options);
  }

  /**
   * Loads a model of the Hugging Face hub, with the hub and the cache that the environment names;
   * downloads it first if it is not in the cache. For other settings, or to see progress, load the
   * folder that {@link Hub#fetch} gives.
   *
   * @throws io.github.tornadovit.weights.hub.HubException if it cannot be had
   * @throws io.github.tornadovit.weights.checkpoint.CheckpointException if it is no usable
   *     checkpoint
   * @throws io.github.tornadovit.kernels.backend.BackendException if the backend or the device that
   *     the options name cannot run here
   */
  public static VisionModel load(HubModel model, ModelOptions options) {
    return open(
        () -> Checkpoint.open(Hub.fromEnvironment().fetch(model), model.toString()), options);
  }

  /** Loads one of the small checkpoints that come with the engine; see {@link DemoCheckpoint}. */
  public static VisionModel load(DemoCheckpoint demo, ModelOptions options) {
    return open(demo::open, options);
  }

  private static VisionModel open(Supplier<Checkpoint> opener, ModelOptions options) {
    ModelLoadEvent event = new ModelLoadEvent();
    event.begin();
    Checkpoint checkpoint = opener.get();
    try {
      VisionModel model = new VisionModel(checkpoint, options);
      event.finish(checkpoint, model.selection);
      return model;
    } catch (RuntimeException | Error failure) {
      try (checkpoint) {
        checkpoint.blame(failure);
      }
      throw failure;
    }
  }

  private static Preprocessor preprocessor(Checkpoint checkpoint, ImageSize imageSize) {
    int channels = checkpoint.config().channels();
    try {
      return new Preprocessor(imageSize.preprocessing(), channels, imageSize.size());
    } catch (IllegalArgumentException misfit) {
      throw new CheckpointException(checkpoint.name(), misfit.getMessage(), misfit);
    }
  }

  /** The checkpoint as the user would name it: its folder. */
  public String name() {
    return checkpoint.name();
  }

  /**
   * SHA-256 that names the content of the checkpoint; see {@link Checkpoint#digest}. Reads all of
   * its files, the first time.
   */
  public String digest() {
    return checkpoint.digest();
  }

  /** The options that the model was loaded with. */
  public ModelOptions options() {
    return options;
  }

  /** What the checkpoint's configuration says, with the image size that the model runs at. */
  public VisionConfig config() {
    return config;
  }

  /**
   * What was assumed of the checkpoint where its files are silent, or read otherwise than they say:
   * preprocessing that no file gives, a prefix of all tensors' names, a head that {@code
   * config.json} does not name. Empty for a checkpoint as transformers saves it.
   */
  public List<CheckpointNote> notes() {
    return checkpoint.notes();
  }

  /** Class names, index = class id; empty for a model without a classifier. */
  public List<String> labels() {
    return config.labels();
  }

  /**
   * What executes the forward passes. Where AUTO took a device that fails later, the CPU does from
   * then on.
   */
  public DeviceInfo device() {
    return selection.backend().device(options.precision());
  }

  /** Why this backend and device execute: as asked for, or how AUTO decided. One clause. */
  public String deviceReason() {
    return selection.reason();
  }

  /** Processors of the host that a forward pass keeps busy; the rest is free to prepare images. */
  public int hostThreads() {
    return selection.backend().hostThreads();
  }

  /** Makes the pixels that this model takes of images, and decodes images as its options say. */
  public ImageProcessor imageProcessor() {
    return imageProcessor;
  }

  /**
   * Classifies an image file.
   *
   * @throws io.github.tornadovit.engine.image.ImageException if the image cannot be read
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public Classification classify(Path image) {
    return classify(imageProcessor.pixels(image)).getFirst();
  }

  /** Classifies one image. */
  public Classification classify(RgbImage image) {
    return classify(List.of(image)).getFirst();
  }

  /**
   * Classifies images, in batches of the size that the options say.
   *
   * @return one classification per image, in order
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public List<Classification> classify(List<RgbImage> images) {
    requireClassifier();
    return classifications(rows(images, Stage.LOGITS));
  }

  private List<Classification> classifications(List<float[]> logits) {
    return logits.stream()
        .map(values -> Scores.classify(values, config.labels(), config.problemType()))
        .toList();
  }

  /**
   * Checks that images can be classified.
   *
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public void requireClassifier() {
    if (!encoder.has(Stage.LOGITS)) {
      String why =
          notes().stream()
              .filter(note -> note.kind() == CheckpointNote.Kind.HEAD)
              .map(CheckpointNote::text)
              .findFirst()
              .orElse("a base model");
      throw new UnsupportedOperationException(
          "%s: the checkpoint has no classifier (%s); use embed for its features, train a probe on"
                  .formatted(checkpoint.name(), why)
              + " them, or load a checkpoint fine-tuned for image classification");
    }
  }

  /**
   * Runs one forward pass.
   *
   * @param pixels of 1 to {@link #maxBatch()} images, as {@link #imageProcessor()} makes them
   * @return one vector per image, in order: {@code [K]}, by class id
   * @throws IllegalArgumentException if there are more images, or the pixels are of another size
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public List<float[]> logits(Pixels pixels) {
    requireClassifier();
    return rows(pixels, Stage.LOGITS);
  }

  /** As {@link #logits}, ranked and scored as {@link #classify(List)} does. */
  public List<Classification> classify(Pixels pixels) {
    return classifications(logits(pixels));
  }

  /** The feature of an image file; see {@link #embed(List, Feature)}. */
  public float[] embed(Path image, Pooling pooling) {
    return embed(imageProcessor.pixels(image), Feature.of(pooling)).getFirst();
  }

  /** As {@link #embed(List, Feature)}, of the last hidden state and not normalised. */
  public List<float[]> embed(List<RgbImage> images, Pooling pooling) {
    return embed(images, Feature.of(pooling));
  }

  /**
   * Computes features of images, in batches of the size that the options say. A feature of another
   * layer than the last, {@link Pooling#TOKENS}, and {@link Pooling#MEAN} of a model that
   * classifies by its class token have a plan of their own, which ends at that layer and is kept
   * until another such feature is asked for.
   *
   * @return one array per image, in order: {@link #shape} of the feature, row-major
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public List<float[]> embed(List<RgbImage> images, Feature feature) {
    return features.finish(feature, rows(images, features.stage(feature)));
  }

  /**
   * Runs one forward pass; see {@link #embed(List, Feature)}.
   *
   * @param pixels of 1 to {@link #maxBatch(Feature)} images, as {@link #imageProcessor()} makes
   *     them
   * @return one array per image, in order: {@link #shape} of the feature, row-major
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer, or if there are more images,
   *     or the pixels are of another size
   */
  public List<float[]> embed(Pixels pixels, Feature feature) {
    return features.finish(feature, rows(pixels, features.stage(feature)));
  }

  /**
   * The shape of one image's feature: {@code [D]}, {@code [pooler size]} for {@link
   * Pooling#POOLER}, {@code [T, D]} for {@link Pooling#TOKENS}.
   *
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public Shape shape(Feature feature) {
    return features.shape(feature);
  }

  /**
   * The attention weights of some encoder blocks. The ordinary forward pass never has them in
   * memory: this one computes them beside it, with a plan of its own and, on a device, a kernel of
   * its own and the weights once more. Takes {@code 4 H T^2} bytes per block.
   *
   * @param image pixels of one image
   * @param layers blocks, counted from 0, or from the end with -1 for the last
   * @return one per layer, in the order asked for
   * @throws IllegalArgumentException if there is no such layer, or not one image of the model's
   *     size
   */
  public synchronized List<LayerAttention> attention(Pixels image, int... layers) {
    requireOpen();
    float[] pixels = oneImage(image);
    return onBackend(() -> attention.layers(pixels, layers));
  }

  /**
   * Attention rollout (Abnar and Zuidema 2020, section 3): the attention of the last block followed
   * back through all blocks to the patches. Per block the mean of the heads, and half of it for the
   * residual connection: {@code A = 0.5 mean + 0.5 I}; then the rows of {@code A_L ... A_2 A_1} for
   * the token. MLPs, values and layer scales are not considered.
   *
   * @param image pixels of one image
   * @throws UnsupportedOperationException if the model has no such token
   * @throws IllegalArgumentException if it is not one image of the model's size
   */
  public synchronized PatchMap attentionRollout(Pixels image, AttentionToken token) {
    requireOpen();
    float[] pixels = oneImage(image);
    return onBackend(() -> attention.rollout(pixels, token));
  }

  private float[] oneImage(Pixels image) {
    requireSize(image);
    if (image.images() != 1) {
      throw new IllegalArgumentException(
          "pixels are of %d images, expected 1".formatted(image.images()));
    }
    return image.values();
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

  /** Runs all images and returns one vector per image. */
  private List<float[]> rows(List<RgbImage> images, Stage stage) {
    List<float[]> rows = new ArrayList<>(images.size());
    int most = images.isEmpty() ? 1 : maxBatch(plans.stagesWith(stage));
    for (int first = 0; first < images.size(); first += most) {
      List<RgbImage> part = images.subList(first, Math.min(images.size(), first + most));
      rows.addAll(rows(imageProcessor.pixels(part), stage));
    }
    return rows;
  }

  /** One forward pass; the plan checks the arguments. */
  private List<float[]> rows(Pixels pixels, Stage stage) {
    requireSize(pixels);
    int images = pixels.images();
    float[] values =
        Objects.requireNonNull(run(pixels.values(), images, plans.stagesWith(stage)).get(stage));
    requireFinite(values, stage);
    int width = values.length / images;
    return IntStream.range(0, images)
        .mapToObj(i -> Arrays.copyOfRange(values, i * width, (i + 1) * width))
        .toList();
  }

  private void requireFinite(float[] values, Stage stage) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            checkpoint.name(),
            "the %s that it computes hold %s: its weights are damaged or too large for float32"
                .formatted(stage.name(), value));
      }
    }
  }

  /**
   * Runs one batch from pixels to the values of some stages.
   *
   * @param pixels {@code [images, C, S, S]}, normalised
   * @return per stage, {@code [images, rows, columns]}
   */
  synchronized Map<Stage, float[]> run(float[] pixels, int images, Set<Stage> stages) {
    requireOpen();
    return onBackend(() -> runOnce(pixels, images, stages));
  }

  private Map<Stage, float[]> runOnce(float[] pixels, int images, Set<Stage> stages) {
    PlannedForward planned = planned(stages);
    ForwardPassEvent event = new ForwardPassEvent();
    event.begin();
    planned.plan().run(pixels, images);
    event.finish(checkpoint.name(), selection.backend(), images);
    Map<Stage, float[]> values = new HashMap<>();
    for (Map.Entry<Stage, Buffer> output : planned.forward().outputs().entrySet()) {
      values.put(output.getKey(), planned.plan().output(output.getValue()));
    }
    return values;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(checkpoint.name() + ": the model is closed");
    }
  }

  private PlannedForward planned(Set<Stage> stages) {
    requireOpen();
    return plans.of(stages, selection.backend());
  }

  /**
   * Images per forward pass at most: what the options say, or less where the device's memory does
   * not hold that many.
   */
  public int maxBatch() {
    return maxBatch(plans.answers());
  }

  /**
   * As {@link #maxBatch()}, of the plan that computes a feature.
   *
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public int maxBatch(Feature feature) {
    return maxBatch(plans.stagesWith(features.stage(feature)));
  }

  private synchronized int maxBatch(Set<Stage> stages) {
    requireOpen();
    return onBackend(() -> planned(stages).plan().maxBatch());
  }

  /**
   * Runs blank images, so that kernels are compiled and caches are warm before the first request;
   * on a GPU each batch size compiles kernels of its own, which takes seconds.
   *
   * @param batches how many images at a time; none for 1 and {@link #maxBatch()}
   * @throws IllegalArgumentException if a batch is less than 1 or more than {@link #maxBatch()}
   */
  public synchronized void warmUp(int... batches) {
    int[] sizes = batches.length > 0 ? batches.clone() : new int[] {1, maxBatch()};
    Arrays.sort(sizes);
    for (int size : sizes) {
      float[] pixels = blank(size);
      // Twice: a plan may pad a size that it meets for the first time into a larger, compiled one.
      for (int i = 0; i < 2; i++) {
        run(pixels, size, plans.answers());
      }
    }
  }

  /**
   * Takes the time of every operation of a forward pass of blank images. On a GPU TornadoVM's
   * profiler takes it, which makes the pass slower as a whole.
   *
   * @param images from 1 to {@link #maxBatch()}
   * @return one entry per operation, in order
   */
  public synchronized List<KernelTime> profile(int images) {
    requireOpen();
    float[] pixels = blank(images);
    return onBackend(() -> planned(plans.answers()).plan().profile(pixels, images));
  }

  private float[] blank(int images) {
    int most = maxBatch();
    if (images < 1 || images > most) {
      throw new IllegalArgumentException("batch is %d, expected 1 to %d".formatted(images, most));
    }
    return imageProcessor.blank(images).values();
  }

  /**
   * Writes the generated source of every kernel of a forward pass, one file per launch. The kernels
   * are compiled and launched, their answers are not looked at. TornadoVM has to be asked for
   * sources before it starts: {@link
   * io.github.tornadovit.kernels.backend.Backends#keepKernelSources}.
   *
   * @param folder made if missing
   * @param images of the batch that the kernels are for, from 1 on
   * @throws UnsupportedOperationException if the model runs on the host, without kernels
   */
  public synchronized void writeKernelSources(Path folder, int images) {
    requireOpen();
    if (!(selection.backend() instanceof TornadoBackend device)) {
      throw new UnsupportedOperationException(
          "%s runs on %s, which has no generated kernels; use backend tornado"
              .formatted(checkpoint.name(), device()));
    }
    device.writeKernelSources(encoder.forward(plans.answers()).program(), images, folder);
  }

  /** Frees weights and buffers. Waits for a running forward pass. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // Each is closed whatever the others do; a device that is lost may not even give up a plan.
      Backend backend = selection.backend();
      AttentionPass maps = attention;
      try (checkpoint;
          backend;
          maps) {
        plans.close();
      }
    }
  }
}
