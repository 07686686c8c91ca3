package io.github.tornadovit.engine.image;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** TIFF. */
final class TiffDecoder implements FormatDecoder {
  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    TiffTags tags = TiffTags.parse(encoded, 0);
    limit.check(tags.get(TiffTags.WIDTH, 0), tags.get(TiffTags.HEIGHT, 0));
    BufferedImage image =
        Readers.withPluginReader("tiff", encoded.array(), reader -> reader.read(0));
    return new Decoded(Rasters.toRgb(image), (int) tags.get(TiffTags.ORIENTATION, 1));
  }
}
