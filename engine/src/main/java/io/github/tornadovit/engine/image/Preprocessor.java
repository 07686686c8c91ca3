package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.RowSink;
import io.github.tornadovit.engine.image.codec.Turn;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From an RGB image to the pixel values a model takes, bit for bit as transformers' PIL-backed
 * image processors and timm's transform for evaluation do it: resize, centre crop, rescale,
 * normalise.
 *
 * <p>A model of one channel gets Pillow's luma, {@code (R * 19595 + G * 38470 + B * 7471 + 32768)
 * >> 16}, taken before the resize as {@code Image.convert("L")} would be; a gray image keeps its
 * levels exactly.
 *
 * <p>Immutable but for a cache of resize weights; safe for use by several threads.
 */
public final class Preprocessor {
  /** The most pixels an intermediate image may have. */
  private static final long MAX_RESIZED_PIXELS = 100_000_000L;

  private final int channels;
  private final Extent size;
  private final @Nullable Resize resize;
  private final @Nullable PillowResize resizer;
  private final @Nullable CenterCrop crop;

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
   *     resizing it would take more than {@value #MAX_RESIZED_PIXELS} pixels
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
   * The picture that {@link #apply} takes the values of: resized and cropped, a border where the
   * image does not reach.
   *
   * @throws ImageException as {@link #apply}
   */
  public RgbImage view(RgbImage image) {
    PreparedView view = new PreparedView();
    view.picture(image.picture(), Turn.NONE);
    return view.view();
  }

  /** As {@link #view(RgbImage)}, of a file that is decoded for it. */
  public RgbImage view(ImageDecoder decoder, Path file) {
    PreparedView view = new PreparedView();
    decoder.decode(file, view);
    return view.view();
  }

  /** As {@link #view(RgbImage)}, of a file in memory; see {@link ImageDecoder#decode}. */
  public RgbImage view(ImageDecoder decoder, byte[] encoded, String name) {
    PreparedView view = new PreparedView();
    decoder.decode(encoded, name, view);
    return view.view();
  }

  /** The view of a picture that comes row by row, of which no more is kept than it is made of. */
  private final class PreparedView implements RowSink {
    private byte[] gray = {};
    private @Nullable ResizingRows resizing;
    private @Nullable WholeImage whole;

    @Override
    public long bytes(int width, int height, int orientation) {
      Turn turn = Turn.of(width, height, orientation);
      return resizer == null
          ? 3L * width * height
          : resizer.bytes(turn, resized(turn.width(), turn.height()));
    }

    @Override
    public void begin(int width, int height, int orientation) {
      Turn turn = Turn.of(width, height, orientation);
      gray = new byte[channels == 1 ? width * 3 : 0];
      Extent resized = resized(turn.width(), turn.height());
      if (resizer == null) {
        whole = new WholeImage();
        whole.begin(width, height, orientation);
      } else {
        resizing = resizer.rows(turn, resized);
      }
    }

    @Override
    public void row(int y, byte[] rgb, int offset) {
      byte[] source = rgb;
      int from = offset;
      if (channels == 1) {
        luma(rgb, offset, gray);
        source = gray;
        from = 0;
      }
      if (resizing != null) {
        resizing.row(y, source, from);
      } else {
        Objects.requireNonNull(whole).row(y, source, from);
      }
    }

    RgbImage view() {
      return cropped(resizing != null ? resizing.result() : Objects.requireNonNull(whole).image());
    }
  }

  /** The size that an image has before it is cropped: the model's unless it is. */
  private Extent resized(int width, int height) {
    Extent resized = new Extent(height, width);
    if (resize != null) {
      resized = resize.target().of(resized);
      if ((long) resized.width() * resized.height() > MAX_RESIZED_PIXELS
          || (long) resized.width() * height > MAX_RESIZED_PIXELS) {
        throw new ImageException(
            "image of %dx%d pixels".formatted(width, height),
            "is too elongated to be resized to " + resized.width() + "x" + resized.height());
      }
    }
    if (crop == null && !resized.equals(size)) {
      throw new ImageException(
          "image of %dx%d pixels".formatted(width, height),
          "preprocessing ends at %dx%d (width x height), expected %dx%d"
                  .formatted(resized.width(), resized.height(), width(), height())
              + " because of image_size; use a preprocessor configuration that resizes to it");
    }
    return resized;
  }

  /** The window of the model's size in the middle; the border where the image does not reach. */
  private RgbImage cropped(RgbImage resized) {
    if (crop == null || (resized.width() == width() && resized.height() == height())) {
      return resized;
    }
    byte[] source = resized.pixels();
    byte[] view = border(crop);
    int top = crop.margin().start(resized.height() - height());
    int left = crop.margin().start(resized.width() - width());
    int from = Math.max(0, -left);
    int to = Math.min(width(), resized.width() - left);
    for (int y = Math.max(0, -top); y < Math.min(height(), resized.height() - top); y++) {
      int row = ((y + top) * resized.width() + left + from) * 3;
      System.arraycopy(source, row, view, (y * width() + from) * 3, (to - from) * 3);
    }
    return RgbImage.owning(width(), height(), view);
  }

  /** A view of the border alone. */
  private byte[] border(CenterCrop crop) {
    byte[] view = new byte[height() * width() * 3];
    List<Integer> fill = crop.fill();
    if (fill.stream().anyMatch(level -> level != 0)) {
      for (int i = 0; i < view.length; i++) {
        view[i] = (byte) (int) fill.get(fill.size() == 1 ? 0 : i % 3);
      }
    }
    return view;
  }

  private static void luma(byte[] rgb, int offset, byte[] gray) {
    for (int i = 0; i < gray.length; i += 3) {
      int red = rgb[offset + i] & 0xFF;
      int green = rgb[offset + i + 1] & 0xFF;
      int blue = rgb[offset + i + 2] & 0xFF;
      byte level = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
      gray[i] = level;
      gray[i + 1] = level;
      gray[i + 2] = level;
    }
  }
}
