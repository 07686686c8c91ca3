package io.github.tornadovit.fuzz;

import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image file of any format to pixel values, with a limit of {@value #MAX_PIXELS} pixels; a PNG
 * once more with its checksums corrected.
 *
 * <p>The decoder makes one kind of error of whatever ImageIO's readers throw. What the project's
 * own code throws unawares would hide behind that, so the cause is looked at.
 */
final class ImageTarget implements FuzzTarget {
  static final int MAX_PIXELS = 1 << 14;

  private static final String OURS = "io.github.tornadovit.";

  private static final Extent SIZE = new Extent(16, 16);

  private static final PreprocessorConfig STEPS =
      new PreprocessorConfig(
          new Resize(new ResizeTarget.Exact(SIZE), Resampling.BILINEAR),
          null,
          1 / 255.0,
          null,
          List.of());

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS, true);
  private final Preprocessor preprocessor = new Preprocessor(STEPS, 3, SIZE);
  private final float[] pixels = new float[3 * SIZE.height() * SIZE.width()];

  @Override
  public void read(byte[] input) {
    byte[] corrected = PngChecksums.corrected(input);
    if (!Arrays.equals(corrected, input)) {
      try {
        decode(input);
      } catch (ImageException damaged) {
        checkCause(damaged);
      }
    }
    try {
      decode(corrected);
    } catch (ImageException refused) {
      checkCause(refused);
      throw refused;
    }
  }

  private void decode(byte[] input) {
    RgbImage image = decoder.decode(input, "input");
    if ((long) image.width() * image.height() > MAX_PIXELS) {
      throw new AssertionError("decoded " + image + ", more than the limit");
    }
    preprocessor.apply(image, pixels, 0);
  }

  /** Fails if the memory ran out, or if our own code and not a reader's was surprised. */
  private static void checkCause(ImageException refused) {
    Throwable cause = refused.getCause();
    if (cause instanceof OutOfMemoryError
        || ((cause instanceof RuntimeException || cause instanceof Error) && isOurs(cause))) {
      throw new AssertionError("not foreseen", cause);
    }
  }

  /** By the first frame that is not of the JDK's general classes. */
  private static boolean isOurs(@Nullable Throwable failure) {
    return failure != null
        && Arrays.stream(failure.getStackTrace())
            .map(StackTraceElement::getClassName)
            .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
            .findFirst()
            .filter(name -> name.startsWith(OURS))
            .isPresent();
  }
}
