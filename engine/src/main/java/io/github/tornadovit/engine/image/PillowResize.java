package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.Turn;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resizes 8-bit RGB bit for bit as Pillow's {@code Image.resize} does: antialiased, one axis after
 * the other (columns first), each result rounded to 8 bits, sums in 32-bit fixed point.
 *
 * <p>Keeps the weights of the last {@value #CACHED_AXES} axis sizes. Safe for use by several
 * threads.
 */
final class PillowResize {
  private static final int CACHED_AXES = 64;

  private final Resampling resampling;
  private final Map<Axis, ResampleWeights> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Axis, ResampleWeights> eldest) {
          return size() > CACHED_AXES;
        }
      };

  private record Axis(int in, int out) {}

  PillowResize(Resampling resampling) {
    this.resampling = resampling;
  }

  /**
   * The image in another size; the same image if it has that size.
   *
   * @param width columns of the result in pixels
   * @param height rows of the result in pixels
   */
  RgbImage resize(RgbImage image, int width, int height) {
    if (image.width() == width && image.height() == height) {
      return image;
    }
    Turn unturned = Turn.of(image.width(), image.height(), Turn.NONE);
    ResizingRows rows = rows(unturned, new Extent(height, width));
    for (int y = 0; y < image.height(); y++) {
      rows.row(y, image.pixels(), y * image.width() * 3);
    }
    return rows.result();
  }

  /** A resize of a picture that comes row by row, turned on the way. */
  ResizingRows rows(Turn turn, Extent size) {
    return new ResizingRows(
        turn, size, weights(turn.width(), size.width()), weights(turn.height(), size.height()));
  }

  /** Bytes that {@link #rows} takes. */
  long bytes(Turn turn, Extent size) {
    return ResizingRows.bytes(
        turn,
        size,
        ResampleWeights.taps(turn.width(), size.width(), resampling),
        ResampleWeights.taps(turn.height(), size.height(), resampling));
  }

  /** Null for an axis that keeps its size. */
  private @Nullable ResampleWeights weights(int in, int out) {
    if (in == out) {
      return null;
    }
    synchronized (cache) {
      return cache.computeIfAbsent(
          new Axis(in, out), axis -> ResampleWeights.of(axis.in(), axis.out(), resampling));
    }
  }
}
