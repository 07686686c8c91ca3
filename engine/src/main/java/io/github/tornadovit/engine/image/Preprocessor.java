package io.github.tornadovit.engine.image;

import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From an RGB image to the pixel values a model takes, bit for bit as transformers' PIL-backed
 * image processors do it: resize, centre crop, rescale, normalise.
 *
 * <p>A model of one channel gets Pillow's luma, {@code (R * 19595 + G * 38470 + B * 7471 + 32768)
 * >> 16}, taken before the resize as {@code Image.convert("L")} would be; a gray image keeps its
 * levels exactly.
 *
 * <p>Immutable but for a cache of resize weights; safe for use by several threads.
 */
public final class Preprocessor {
  /** The most pixels an intermediate image may have. */
  private static final long MAX_RESIZED_PIXELS = ImageDecoder.DEFAULT_MAX_PIXELS;

  private final int channels;
  private final Extent size;
  private final @Nullable Resize resize;
  private final @Nullable PillowResize resizer;
  private final @Nullable Extent crop;

  /** {@code [C, 256]}: the value of each level of each channel. */
  private final float[][] values;

  /**
   * Prepares the tables.
   *
   * @param config the steps, from {@code preprocessor_config.json}
   * @param channels the model's {@code num_channels}: 3, or 1 for luma
   * @param size the model's {@code image_size}
   * @throws IllegalArgumentException if the number of channels is neither 3 nor 1, if mean and
   *     deviation are for another number of channels, or if the steps are known to end at another
   *     size than the model's
   */
  public Preprocessor(PreprocessorConfig config, int channels, Extent size) {
    if (channels != 3 && channels != 1) {
      throw new IllegalArgumentException(
          "num_channels is " + channels + ", expected 3 (RGB) or 1 (luma)");
    }
    this.channels = channels;
    this.size = Objects.requireNonNull(size, "size");
    this.resize = config.resize();
    this.resizer = resize == null ? null : new PillowResize(resize.resampling());
    this.crop = config.centerCrop();
    this.values = values(config, channels);
    Extent end = config.end();
    if (end != null && !end.equals(size)) {
      throw new IllegalArgumentException(
          "preprocessing ends at "
              + end
              + " pixels (height x width), expected "
              + size
              + " because of image_size; give a preprocessor configuration of that size, or ask for an"
              + " image size (--image-size), to which both are brought");
    }
  }

  private static float[][] values(PreprocessorConfig config, int channels) {
    Double factor = config.rescaleFactor();
    Normalize normalize = config.normalize();
    float[][] values = new float[channels][256];
    for (int c = 0; c < channels; c++) {
      for (int level = 0; level < 256; level++) {
        float value = factor == null ? level : (float) (level * factor);
        if (normalize != null) {
          float mean = (float) entry("image_mean", normalize.mean(), c, channels);
          float deviation = (float) entry("image_std", normalize.standardDeviation(), c, channels);
          value = (value - mean) / deviation;
        }
        values[c][level] = value;
      }
    }
    return values;
  }

  private static double entry(String key, List<Double> list, int channel, int channels) {
    if (list.size() != channels && list.size() != 1) {
      throw new IllegalArgumentException(
          key
              + " has "
              + list.size()
              + " values, expected "
              + channels
              + " because num_channels="
              + channels);
    }
    return list.get(list.size() == 1 ? 0 : channel);
  }

  /** Rows of the result in pixels. */
  public int height() {
    return size.height();
  }

  /** Columns of the result in pixels. */
  public int width() {
    return size.width();
  }

  /** Channels of the result. */
  public int channels() {
    return channels;
  }

  /**
   * Writes the pixel values of one image.
   *
   * @param image the picture, of any size
   * @param destination receives {@code [C, H, W]}, row-major
   * @param offset index of the first value in {@code destination}
   * @throws IndexOutOfBoundsException if the values do not fit
   * @throws ImageException if the image cannot end at the model's size: it has another size and
   *     nothing resizes it, only its shortest edge is given a size, or it is so elongated that
   *     resizing it would take more than {@link ImageDecoder#DEFAULT_MAX_PIXELS} pixels
   */
  public void apply(RgbImage image, float[] destination, int offset) {
    Objects.checkFromIndexSize(
        offset, Math.multiplyExact(channels, size.height() * size.width()), destination.length);
    normalize(view(image), destination, offset);
  }

  /**
   * Writes the pixel values of a picture that {@link #view} gave: the last steps of {@link #apply}.
   *
   * @param view of the model's size
   * @param destination receives {@code [C, H, W]}, row-major
   * @param offset index of the first value in {@code destination}
   * @throws IllegalArgumentException if it has another size
   * @throws IndexOutOfBoundsException if the values do not fit
   */
  public void normalize(RgbImage view, float[] destination, int offset) {
    int area = height() * width();
    Objects.checkFromIndexSize(offset, Math.multiplyExact(channels, area), destination.length);
    if (view.width() != width() || view.height() != height()) {
      throw new IllegalArgumentException(
          "view is %s pixels (width x height), expected %dx%d".formatted(view, width(), height()));
    }
    byte[] rgb = view.pixels();
    for (int c = 0; c < channels; c++) {
      float[] table = values[c];
      int target = offset + c * area;
      for (int i = 0, from = c; i < area; i++, from += 3) {
        destination[target + i] = table[rgb[from] & 0xFF];
      }
    }
  }

  /**
   * The picture that {@link #apply} takes the values of: resized and cropped, black where the image
   * does not reach.
   *
   * @throws ImageException as {@link #apply}
   */
  public RgbImage view(RgbImage image) {
    RgbImage resized = resized(image);
    byte[] source = resized.pixels();
    byte[] view = new byte[height() * width() * 3];
    int top = Math.floorDiv(resized.height() - height(), 2);
    int left = Math.floorDiv(resized.width() - width(), 2);
    int from = Math.max(0, -left);
    int to = Math.min(width(), resized.width() - left);
    for (int y = Math.max(0, -top); y < Math.min(height(), resized.height() - top); y++) {
      int row = ((y + top) * resized.width() + left + from) * 3;
      System.arraycopy(source, row, view, (y * width() + from) * 3, (to - from) * 3);
    }
    return RgbImage.owning(width(), height(), view);
  }

  /** As {@link #view(RgbImage)}, of a file that is decoded for it. */
  public RgbImage view(ImageDecoder decoder, Path file) {
    return view(decoder.decode(file));
  }

  /** As {@link #view(RgbImage)}, of a file in memory; see {@link ImageDecoder#decode}. */
  public RgbImage view(ImageDecoder decoder, byte[] encoded, String name) {
    return view(decoder.decode(encoded, name));
  }

  /** Resized, and as large as the model's images unless a crop follows. */
  private RgbImage resized(RgbImage image) {
    RgbImage resized = resize(channels == 1 ? luma(image) : image);
    if (crop == null && (resized.width() != width() || resized.height() != height())) {
      throw new ImageException(
          "image of " + image + " pixels",
          "preprocessing ends at "
              + resized
              + " (width x height), expected "
              + width()
              + "x"
              + height()
              + " because of image_size; use a preprocessor configuration that resizes to it");
    }
    return resized;
  }

  private RgbImage resize(RgbImage image) {
    if (resize == null || resizer == null) {
      return image;
    }
    Extent target = resize.size() != null ? resize.size() : shortestEdge(resize, image);
    if ((long) target.width() * target.height() > MAX_RESIZED_PIXELS
        || (long) target.width() * image.height() > MAX_RESIZED_PIXELS) {
      throw new ImageException(
          "image of " + image + " pixels",
          "is too elongated to be resized to " + target.width() + "x" + target.height());
    }
    return resizer.resize(image, target.width(), target.height());
  }

  /**
   * The short side gets the size, the long side keeps the aspect ratio, rounded towards zero; a
   * limit of the long side takes precedence. As transformers' {@code get_size_with_aspect_ratio}.
   */
  private static Extent shortestEdge(Resize resize, RgbImage image) {
    double shorter = Math.min(image.width(), image.height());
    double longer = Math.max(image.width(), image.height());
    double edge = resize.shortestEdge();
    double exactEdge = edge;
    int limit = resize.longestEdge();
    if (limit > 0 && longer / shorter * edge > limit) {
      exactEdge = limit * shorter / longer;
      edge = Math.rint(exactEdge);
    }
    int kept = Math.max(1, (int) edge);
    int other = shorter == kept ? (int) longer : Math.max(1, (int) (exactEdge * longer / shorter));
    return image.width() < image.height() ? new Extent(other, kept) : new Extent(kept, other);
  }

  private static RgbImage luma(RgbImage image) {
    byte[] rgb = image.pixels();
    byte[] gray = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      int sum = (rgb[i] & 0xFF) * 19595 + (rgb[i + 1] & 0xFF) * 38470 + (rgb[i + 2] & 0xFF) * 7471;
      byte level = (byte) ((sum + 0x8000) >> 16);
      gray[i] = level;
      gray[i + 1] = level;
      gray[i + 2] = level;
    }
    return RgbImage.owning(image.width(), image.height(), gray);
  }
}
