package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same pixels for every engine: a temporary file of float32, little-endian, {@code [images, C,
 * H, W]}.
 */
public record PixelFile(Path file, int images) implements AutoCloseable {
  private static final int SEED = 1;

  /** Images of noise. */
  public static PixelFile noise(ImageShape shape, int images) {
    float[] values = shape.noise(images, SEED);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      return new PixelFile(
          Files.write(Files.createTempFile("peers", ".f32"), bytes.array()), images);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
