package io.github.tornadovit.engine;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of loading a model. Immutable; start from {@link #defaults()} and change what you need:
 *
 * {@snippet :
 * ModelOptions options = ModelOptions.defaults().withThreads(4).withBatch(16);
 * }
 *
 * @param backend what executes the model
 * @param device of TornadoVM, as {@link #withDevice} takes it; null for the best one
 * @param threads of the CPU backend, 0 for one per available processor
 * @param batch images per forward pass at most; more images are run in several passes
 * @param maxPixels an image of more pixels (width times height) is refused before it is decoded
 * @param applyOrientation whether an image is turned as its EXIF orientation says
 * @param imageSize pixels that images are brought to, as {@link #withImageSize(Extent)} takes them;
 *     null for the checkpoint's
 * @param precision of the products of the encoder's blocks, nearly all of the arithmetic; the rest
 *     is float32
 */
public record ModelOptions(
    BackendChoice backend,
    @Nullable String device,
    int threads,
    int batch,
    long maxPixels,
    boolean applyOrientation,
    @Nullable Extent imageSize,
    Precision precision) {
  private static final int MAX_IMAGE_SIDE = 1 << 14;
  private static final ModelOptions DEFAULTS =
      new ModelOptions(
          BackendChoice.AUTO,
          null,
          0,
          8,
          ImageDecoder.DEFAULT_MAX_PIXELS,
          true,
          null,
          Precision.F32);

  /**
   * @throws IllegalArgumentException if a number is out of range, if the device is blank, if it is
   *     named for a backend that runs on the host, or if the backend has not the precision
   */
  public ModelOptions {
    require(device == null || !device.isBlank(), "device is blank, expected a number or a name");
    Backends.requireDeviceChoice(backend, device);
    Backends.requirePrecision(backend, device, precision);
    require(threads >= 0 && threads <= 1024, "threads is " + threads + ", expected 0 to 1024");
    require(batch >= 1 && batch <= 1024, "batch is " + batch + ", expected 1 to 1024");
    require(maxPixels >= 1, "maxPixels is " + maxPixels + ", expected 1 or more");
    require(
        imageSize == null || (isSide(imageSize.height()) && isSide(imageSize.width())),
        "image size is " + imageSize + ", expected sides of 1 to " + MAX_IMAGE_SIDE + " pixels");
  }

  private static boolean isSide(int pixels) {
    return pixels >= 1 && pixels <= MAX_IMAGE_SIDE;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * Backend AUTO, all processors, batches of 8, at most 178,956,970 pixels (as Pillow), orientation
   * applied, the checkpoint's image size, float32.
   */
  public static ModelOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another backend. */
  public ModelOptions withBackend(BackendChoice backend) {
    return with(options -> options.backend = backend);
  }

  /**
   * These options with a device of TornadoVM; backend AUTO then takes that device or fails.
   *
   * @param device its number in {@link
   *     io.github.tornadovit.kernels.backend.BackendOverview#devices()}, or a part of its name or
   *     kind in any case, for example {@code "gpu"}, that fits no other device; null for the best
   * @throws IllegalArgumentException if the backend is CPU or REFERENCE, or the name is blank
   */
  public ModelOptions withDevice(@Nullable String device) {
    return with(options -> options.device = device);
  }

  /** These options with another number of CPU threads, 0 for one per available processor. */
  public ModelOptions withThreads(int threads) {
    return with(options -> options.threads = threads);
  }

  /** These options with another largest batch. */
  public ModelOptions withBatch(int batch) {
    return with(options -> options.batch = batch);
  }

  /** These options with another limit on the pixels of an image. */
  public ModelOptions withMaxPixels(long maxPixels) {
    return with(options -> options.maxPixels = maxPixels);
  }

  /** These options with EXIF orientation applied or not. */
  public ModelOptions withApplyOrientation(boolean applyOrientation) {
    return with(options -> options.applyOrientation = applyOrientation);
  }

  /** These options with square images of another size; see {@link #withImageSize(Extent)}. */
  public ModelOptions withImageSize(int side) {
    return withImageSize(new Extent(side, side));
  }

  /**
   * These options with another image size: images are resized and cropped to it, positions
   * interpolated to its patches, as transformers does with {@code interpolate_pos_encoding=True}.
   * More patches see finer detail and cost more; a model that was not trained at a size is usually
   * less accurate there.
   *
   * @param imageSize height and width in pixels; rows and columns beyond the last whole patch are
   *     not seen, as in transformers. Null for the checkpoint's.
   * @throws IllegalArgumentException if a side is not 1 to 16384 pixels
   */
  public ModelOptions withImageSize(@Nullable Extent imageSize) {
    return with(options -> options.imageSize = imageSize);
  }

  /**
   * These options with another precision. {@link Precision#INT8} runs on the CPU, with AVX2 1.3 to
   * 1.5 times as fast; {@link Precision#BF16} where the processor has AVX512-BF16, and {@link
   * Precision#F16} on NVIDIA devices of compute capability 8.0 or later through TornadoVM's back
   * end PTX, else loading the model fails. Answers differ a little, {@code eval} shows by how much
   * on images of one's own.
   *
   * @throws IllegalArgumentException if the backend is TORNADO, or a device is named, and the
   *     precision is BF16 or INT8; if the backend is CPU and the precision F16
   */
  public ModelOptions withPrecision(Precision precision) {
    return with(options -> options.precision = precision);
  }

  private ModelOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** Options while one of them is changed. */
  private static final class Draft {
    private BackendChoice backend;
    private @Nullable String device;
    private int threads;
    private int batch;
    private long maxPixels;
    private boolean applyOrientation;
    private @Nullable Extent imageSize;
    private Precision precision;

    Draft(ModelOptions options) {
      backend = options.backend;
      device = options.device;
      threads = options.threads;
      batch = options.batch;
      maxPixels = options.maxPixels;
      applyOrientation = options.applyOrientation;
      imageSize = options.imageSize;
      precision = options.precision;
    }

    ModelOptions finish() {
      return new ModelOptions(
          backend, device, threads, batch, maxPixels, applyOrientation, imageSize, precision);
    }
  }
}
