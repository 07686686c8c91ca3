package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * PNG of every colour type and depth, by the JDK's reader from the essential chunks. Transparency,
 * gamma and profiles are ignored; of an animation the default image is taken.
 */
public final class PngDecoder implements PictureDecoder {
  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    PngChunks chunks = PngChunks.parse(encoded, limit);
    BufferedImage image =
        Readers.withJdkReader(
            "png",
            chunks.essential(),
            new Extent(chunks.height(), chunks.width()),
            reader -> reader.read(0));
    return new Decoded(Rasters.toRgb(image), chunks.orientation());
  }
}
