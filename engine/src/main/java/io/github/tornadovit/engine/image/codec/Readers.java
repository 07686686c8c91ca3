package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Chooses a reader of ImageIO. Which of several readers of a format ImageIO would take depends on
 * the class path, and their pixels differ, so the choice is made here.
 */
public final class Readers {
  private Readers() {}

  /** Work on a reader that has its input. */
  @FunctionalInterface
  public interface Use<R> {
    R apply(ImageReader reader) throws IOException;
  }

  /**
   * Runs {@code use} with the reader that comes with the JDK.
   *
   * @param size that the file was found to have
   */
  static <R> R withJdkReader(String format, byte[] encoded, Extent size, Use<R> use)
      throws IOException {
    return with(find(format, true), inMemory(encoded), size, use);
  }

  /** As {@link #withJdkReader}, with one that does not come with the JDK: TwelveMonkeys'. */
  public static <R> R withPluginReader(String format, byte[] encoded, Extent size, Use<R> use)
      throws IOException {
    return withPluginReader(format, inMemory(encoded), size, use);
  }

  /** As {@link #withPluginReader(String, byte[], Extent, Use)}; closes the stream. */
  public static <R> R withPluginReader(
      String format, ImageInputStream encoded, Extent size, Use<R> use) throws IOException {
    return with(find(format, false), encoded, size, use);
  }

  /** As {@link #withJdkReader(String, byte[], Extent, Use)}; closes the stream. */
  static <R> R withJdkReader(String format, ImageInputStream encoded, Extent size, Use<R> use)
      throws IOException {
    return with(find(format, true), encoded, size, use);
  }

  /** ImageIO's own streams would write a temporary file. */
  private static ImageInputStream inMemory(byte[] encoded) {
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded));
  }

  private static <R> R with(
      ImageReaderSpi provider, ImageInputStream encoded, Extent size, Use<R> use)
      throws IOException {
    ImageReader reader = provider.createReaderInstance();
    try (ImageInputStream input = encoded) {
      reader.setInput(input, false, true);
      // Before it allocates: a file can be made such that a reader finds another image in it.
      if (reader.getWidth(0) != size.width() || reader.getHeight(0) != size.height()) {
        throw new MalformedImageException(
            "is "
                + size.width()
                + "x"
                + size.height()
                + " pixels by its header and "
                + reader.getWidth(0)
                + "x"
                + reader.getHeight(0)
                + " by its data");
      }
      return use.apply(reader);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReaderSpi find(String format, boolean jdk) {
    Module jdkModule = ImageIO.class.getModule();
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      boolean ofJdk = provider.getClass().getModule().equals(jdkModule);
      if (ofJdk == jdk && List.of(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "ImageIO has no "
            + (jdk ? "JDK" : "TwelveMonkeys")
            + " reader of "
            + format
            + "; add com.twelvemonkeys.imageio:imageio-"
            + format
            + " to the class path");
  }
}
