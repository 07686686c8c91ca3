package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** BMP, by the JDK's reader; headers are checked before. */
public final class BmpDecoder implements PictureDecoder {
  private static final int FILE_HEADER_BYTES = 14;
  private static final int OS2_HEADER_BYTES = 12;
  private static final int UNCOMPRESSED = 0;
  private static final int BIT_FIELDS = 3;
  private static final int FIELDS = 3;
  private static final int FIRST_FIELD = 54;

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    boolean os2 = encoded.i32LittleEndian(FILE_HEADER_BYTES) == OS2_HEADER_BYTES;
    long width = os2 ? encoded.u16LittleEndian(18) : encoded.i32LittleEndian(18);
    long height = os2 ? encoded.u16LittleEndian(20) : Math.abs((long) encoded.i32LittleEndian(22));
    int bits = encoded.u16LittleEndian(os2 ? 24 : 28);
    int compression = os2 ? UNCOMPRESSED : encoded.i32LittleEndian(30);
    limit.check(width, height);
    if (compression < UNCOMPRESSED || compression > BIT_FIELDS) {
      // The reader would take a whole JPEG or PNG, of any size and without its checks.
      throw new MalformedImageException(
          "has compression " + compression + ", expected 0 to 3 (none, run lengths, bit fields)");
    }
    if (compression == UNCOMPRESSED || compression == BIT_FIELDS) {
      long rowBytes = (width * bits + 31) / 32 * 4;
      encoded.require(encoded.u32LittleEndian(10), rowBytes * height);
    }
    if (compression == BIT_FIELDS) {
      checkFields(encoded);
    }
    BufferedImage image =
        Readers.withJdkReader(
            "bmp",
            withSizes(encoded, compression),
            new Extent((int) height, (int) width),
            reader -> reader.read(0));
    if (image.getWidth() != width || image.getHeight() != height) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    return new Decoded(Rasters.toRgb(image), Orientation.NORMAL);
  }

  private static void checkFields(Bytes encoded) throws MalformedImageException {
    for (int field = 0; field < FIELDS; field++) {
      int mask = encoded.i32LittleEndian(FIRST_FIELD + field * Integer.BYTES);
      if (mask == 0 || Integer.bitCount(mask) > Byte.SIZE) {
        throw new MalformedImageException(
            "has a bit field of %d bits, expected 1 to 8 for each color"
                .formatted(Integer.bitCount(mask)));
      }
    }
  }

  /**
   * The file with its length in its header, and no length of uncompressed data: writers leave both
   * wrong, Pillow ignores them, the JDK's reader insists on them.
   */
  private static byte[] withSizes(Bytes encoded, int compression) throws MalformedImageException {
    byte[] copy = encoded.copy(0, encoded.length());
    ByteBuffer header = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(2, copy.length);
    if (compression == UNCOMPRESSED && header.getInt(FILE_HEADER_BYTES) > OS2_HEADER_BYTES) {
      encoded.require(34, Integer.BYTES);
      header.putInt(34, 0);
    }
    return copy;
  }
}
