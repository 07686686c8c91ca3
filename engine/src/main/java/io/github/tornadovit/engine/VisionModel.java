package io.github.tornadovit.engine;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.event.ModelLoadEvent;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.VisionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
 * sharded. Supported are the plain encoders of transformers (ViT, BEiT, DeiT, DINOv2, I-JEPA, CLIP,
 * SigLIP) and of timm, with an image classifier or without.
 *
 * <p><b>Threads:</b> safe for use by several threads; forward passes run one at a time, each on all
 * of the model's processors, while decoding and preprocessing run in the callers. <b>Memory:</b>
 * the weights once, and the activations of the largest batch; nothing grows per call.
 * <b>Lifetime:</b> close the model once; results stay valid. <b>Log:</b> one line per model, at
 * level DEBUG of {@link System.Logger}: what it runs on, and why.
 */
public final class VisionModel implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final ImageProcessor imageProcessor;
  private final Session session;

  private VisionModel(Checkpoint checkpoint, ModelOptions options) {
    this.checkpoint = checkpoint;
    ImageSize imageSize = ImageSize.of(checkpoint, options.imageSize());
    imageProcessor =
        new ImageProcessor(
            new ImageDecoder(options.maxPixels(), options.applyOrientation()),
            preprocessor(checkpoint, imageSize));
    session = new Session(checkpoint, options, imageSize);
  }

  /**
   * Loads a checkpoint folder with {@linkplain ModelOptions#defaults() default options}.
   *
   * @throws io.github.tornadovit.base.CheckpointException if the folder holds no usable checkpoint;
   *     the message says what is wrong where
   */
  public static VisionModel load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a checkpoint folder.
   *
   * @throws io.github.tornadovit.base.CheckpointException if the folder holds no usable checkpoint;
   *     the message says what is wrong where
   * @throws io.github.tornadovit.kernels.backend.BackendException if the backend or the device that
   *     the options name cannot run here
   */
  public static VisionModel load(Path folder, ModelOptions options) {
    return load(() -> Checkpoint.open(folder), options);
  }

  /**
   * Loads a checkpoint that a source opens: one that comes with the engine, {@link
   * io.github.tornadovit.weights.demo.DemoCheckpoint}, or a model of the Hugging Face hub by its
   * name, {@code HubModel.of("google/vit-base-patch16-224")} of the artifact {@code
   * tornado-vit-hub}, which downloads it if it is not in the cache.
   *
   * @throws io.github.tornadovit.base.CheckpointException if it is no usable checkpoint
   * @throws io.github.tornadovit.kernels.backend.BackendException if the backend or the device that
   *     the options name cannot run here
   * @throws RuntimeException that the source throws, such as {@code HubException} of {@code
   *     tornado-vit-hub}
   */
  public static VisionModel load(CheckpointSource source, ModelOptions options) {
    ModelLoadEvent event = new ModelLoadEvent();
    event.begin();
    Checkpoint checkpoint = source.open();
    try {
      VisionModel model = new VisionModel(checkpoint, options);
      event.finish(checkpoint, model.session.device(), model.session.reason());
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
      checkpoint.weights(); // A configuration that the tensors contradict is what is wrong.
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

  /**
   * What was assumed of the checkpoint where its files are silent, or read otherwise than they say:
   * preprocessing that no file gives, a prefix of all tensors' names, a head that {@code
   * config.json} does not name. Empty for a checkpoint as transformers saves it.
   */
  public List<CheckpointNote> notes() {
    return checkpoint.notes();
  }

  /** The checkpoint's configuration, with the image size that the model runs at. */
  public VisionConfig config() {
    return session.config();
  }

  /** Class names, index = class id; empty for a model without a classifier. */
  public List<String> labels() {
    return config().labels();
  }

  /** Makes the pixels that this model takes of images, and decodes images as its options say. */
  public ImageProcessor imageProcessor() {
    return imageProcessor;
  }

  /** The model at run time: device, largest batch, warming up, times of operations. */
  public Session session() {
    return session;
  }

  /** The attention weights of the encoder's blocks, and rollout. */
  public AttentionMaps attention() {
    return new AttentionMaps(session);
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

  /**
   * Classifies images, in batches of the size that the options say.
   *
   * @return one classification per image, in order
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public List<Classification> classify(List<RgbImage> images) {
    return classifications(rows(images, Stage.LOGITS));
  }

  /**
   * Runs one forward pass.
   *
   * @param pixels of 1 to {@link Session#maxBatch()} images, as {@link #imageProcessor()} makes
   *     them
   * @return one classification per image, in order; its logits are {@code [K]}, by class id
   * @throws IllegalArgumentException if there are more images, or the pixels are of another size
   * @throws UnsupportedOperationException if the model has no classifier
   */
  public List<Classification> classify(Pixels pixels) {
    return classifications(session.run(pixels, Stage.LOGITS));
  }

  private List<Classification> classifications(List<float[]> logits) {
    return logits.stream()
        .map(values -> Scores.classify(values, labels(), config().problemType()))
        .toList();
  }

  /** The feature of an image file; see {@link #embed(List, Feature)}. */
  public float[] embed(Path image, Pooling pooling) {
    return embed(imageProcessor.pixels(image), Feature.of(pooling)).getFirst();
  }

  /**
   * Computes features of images, in batches of the size that the options say. A feature of another
   * layer than the last, {@link Pooling#TOKENS}, and {@link Pooling#MEAN} and {@link
   * Pooling#POOLED} of a model that classifies by its class token have a plan of their own, which
   * ends at that layer and is kept until something else of that kind is asked for.
   *
   * @return one array per image, in order: {@link Feature#shape}, row-major
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer
   */
  public List<float[]> embed(List<RgbImage> images, Feature feature) {
    return finished(feature, rows(images, feature.stage()));
  }

  /**
   * Runs one forward pass; see {@link #embed(List, Feature)}.
   *
   * @param pixels of 1 to {@link Session#maxBatch(Stage)} images, as {@link #imageProcessor()}
   *     makes them
   * @return one array per image, in order: {@link Feature#shape}, row-major
   * @throws UnsupportedOperationException if the model has no such feature
   * @throws IllegalArgumentException if the model has no such layer, or if there are more images,
   *     or the pixels are of another size
   */
  public List<float[]> embed(Pixels pixels, Feature feature) {
    return finished(feature, session.run(pixels, feature.stage()));
  }

  private List<float[]> finished(Feature feature, List<float[]> images) {
    Shape shape = feature.shape(config());
    int width = Math.toIntExact(shape.extent(shape.rank() - 1));
    images.forEach(values -> feature.finish(values, width));
    return images;
  }

  /** Runs all images and returns one array per image. */
  private List<float[]> rows(List<RgbImage> images, Stage stage) {
    if (images.isEmpty()) {
      session.require(stage);
      return List.of();
    }
    int most = session.maxBatch(stage);
    List<float[]> rows = new ArrayList<>(images.size());
    for (int first = 0; first < images.size(); first += most) {
      List<RgbImage> part = images.subList(first, Math.min(images.size(), first + most));
      rows.addAll(session.run(imageProcessor.pixels(part), stage));
    }
    return rows;
  }

  /** Frees weights and buffers. Waits for a running forward pass. Idempotent. */
  @Override
  public void close() {
    try (checkpoint) {
      session.close();
    }
  }
}
