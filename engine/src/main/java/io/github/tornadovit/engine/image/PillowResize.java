package io.github.tornadovit.engine.image;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resizes 8-bit RGB bit for bit as Pillow's {@code Image.resize} does: antialiased, one axis after
 * the other (columns first), each result rounded to 8 bits, sums in 32-bit fixed point.
 *
 * <p>Keeps the weights of the last {@value #CACHED_AXES} axis sizes. Safe for use by several
 * threads.
 */
final class PillowResize {
  private static final int CACHED_AXES = 64;
  private static final int ROUND = 1 << (ResampleWeights.PRECISION_BITS - 1);

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
    if (resampling == Resampling.NEAREST) {
      return nearest(image, width, height);
    }
    byte[] pixels = image.pixels();
    if (image.width() != width) {
      pixels =
          resizeColumns(
              pixels, image.width(), image.height(), width, weights(image.width(), width));
    }
    if (image.height() != height) {
      pixels = resizeRows(pixels, width, height, weights(image.height(), height));
    }
    return RgbImage.owning(width, height, pixels);
  }

  private ResampleWeights weights(int in, int out) {
    synchronized (cache) {
      return cache.computeIfAbsent(
          new Axis(in, out), axis -> ResampleWeights.of(axis.in(), axis.out(), resampling));
    }
  }

  private static byte[] resizeColumns(
      byte[] source, int sourceWidth, int height, int width, ResampleWeights axis) {
    byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] weights = axis.weights;
    int target = 0;
    for (int y = 0; y < height; y++) {
      int row = y * sourceWidth * 3;
      for (int x = 0; x < width; x++) {
        int red = ROUND;
        int green = ROUND;
        int blue = ROUND;
        int from = row + axis.first[x] * 3;
        int weightAt = x * axis.taps;
        int weightEnd = weightAt + axis.count[x];
        for (; weightAt < weightEnd; weightAt++, from += 3) {
          int weight = weights[weightAt];
          red += (source[from] & 0xFF) * weight;
          green += (source[from + 1] & 0xFF) * weight;
          blue += (source[from + 2] & 0xFF) * weight;
        }
        result[target] = clip(red);
        result[target + 1] = clip(green);
        result[target + 2] = clip(blue);
        target += 3;
      }
    }
    return result;
  }

  private static byte[] resizeRows(byte[] source, int width, int height, ResampleWeights axis) {
    int stride = width * 3;
    byte[] result = new byte[Math.multiplyExact(stride, height)];
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, ROUND);
      for (int k = 0; k < axis.count[y]; k++) {
        addScaled(sums, source, (axis.first[y] + k) * stride, axis.weights[y * axis.taps + k]);
      }
      for (int i = 0; i < stride; i++) {
        result[y * stride + i] = clip(sums[i]);
      }
    }
    return result;
  }

  /** {@code sums[i] += source[from + i] * weight}, a loop of its own so that C2 vectorises it. */
  private static void addScaled(int[] sums, byte[] source, int from, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (source[from + i] & 0xFF) * weight;
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> ResampleWeights.PRECISION_BITS, 0, 255);
  }

  private static RgbImage nearest(RgbImage image, int width, int height) {
    int[] columns = nearestPositions(image.width(), width);
    int[] rows = nearestPositions(image.height(), height);
    byte[] source = image.pixels();
    byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int target = 0;
    for (int y = 0; y < height; y++) {
      int row = rows[y] * image.width();
      for (int x = 0; x < width; x++) {
        int from = (row + columns[x]) * 3;
        result[target++] = source[from];
        result[target++] = source[from + 1];
        result[target++] = source[from + 2];
      }
    }
    return RgbImage.owning(width, height, result);
  }

  /**
   * Input position of each output position. The running sum is Pillow's ({@code
   * ImagingScaleAffine}): its rounding differs from {@code (x + 0.5) * scale} at some sizes.
   */
  private static int[] nearestPositions(int in, int out) {
    int[] positions = new int[out];
    double step = (double) in / out;
    double position = step * 0.5;
    for (int i = 0; i < out; i++) {
      positions[i] = Math.min((int) position, in - 1);
      position += step;
    }
    return positions;
  }
}
