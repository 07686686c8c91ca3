package io.github.tornadovit.engine.image;

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
final class Readers {
  private Readers() {}

  /** What is done with a reader that has its input. */
  @FunctionalInterface
  interface Use<R> {
    R apply(ImageReader reader) throws IOException;
  }

  /** Runs {@code use} with the reader that comes with the JDK. */
  static <R> R withJdkReader(String format, byte[] encoded, Use<R> use) throws IOException {
    return with(find(format, true), encoded, use);
  }

  /** Runs {@code use} with a reader that does not come with the JDK: TwelveMonkeys'. */
  static <R> R withPluginReader(String format, byte[] encoded, Use<R> use) throws IOException {
    return with(find(format, false), encoded, use);
  }

  private static <R> R with(ImageReaderSpi provider, byte[] encoded, Use<R> use)
      throws IOException {
    ImageReader reader = provider.createReaderInstance();
    // In memory: ImageIO's own streams would write a temporary file.
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(input, false, true);
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
