package io.github.tornadovit.engine.image.codec;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;

/**
 * The first frame of a GIF, by the JDK's reader, on its canvas as Pillow lays it: what the frame
 * does not cover has the transparent colour, or colour 0 if there is none.
 */
public final class GifDecoder implements PictureDecoder {
  /** LZW's best: 4096 pixels from a code, which is 3 bits or more. */
  private static final long MAX_PIXELS_PER_BYTE = 4096 * 8 / 3;

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int TRAILER = 0x3B;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int PALETTE_FLAG = 0x80;

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws IOException {
    int flags = encoded.u8(10);
    long at = 13L + paletteBytes(flags);
    int transparent = 0;
    while (encoded.u8(at) != IMAGE) {
      switch (encoded.u8(at)) {
        case EXTENSION -> {
          boolean control = encoded.u8(at + 1) == GRAPHIC_CONTROL && encoded.u8(at + 2) >= 4;
          if (control && (encoded.u8(at + 3) & 1) != 0) {
            transparent = encoded.u8(at + 6);
          }
          at = afterBlocks(encoded, at + 2);
        }
        case TRAILER -> throw new MalformedImageException("has no image before its end");
        default -> at++;
      }
    }
    int left = encoded.u16LittleEndian(at + 1);
    int top = encoded.u16LittleEndian(at + 3);
    int frameWidth = encoded.u16LittleEndian(at + 5);
    int frameHeight = encoded.u16LittleEndian(at + 7);
    int width = Math.max(encoded.u16LittleEndian(6), left + frameWidth);
    int height = Math.max(encoded.u16LittleEndian(8), top + frameHeight);
    limit.check(frameWidth, frameHeight);
    limit.check(width, height);
    long data = at + 10L + paletteBytes(encoded.u8(at + 9)) + 1;
    long end = afterBlocks(encoded, data);
    limit.checkRatio(frameWidth, frameHeight, end - data, MAX_PIXELS_PER_BYTE);
    BufferedImage frame =
        Readers.withJdkReader(
            "gif", encoded.array(), new Extent(frameHeight, frameWidth), reader -> reader.read(0));
    if (frame.getWidth() != frameWidth || frame.getHeight() != frameHeight) {
      throw new MalformedImageException("decodes to another size than its header says");
    }
    boolean colored = ((flags | encoded.u8(at + 9)) & PALETTE_FLAG) != 0;
    IndexColorModel palette =
        colored && frame.getColorModel() instanceof IndexColorModel colors ? colors : grays();
    int background = transparent < palette.getMapSize() ? palette.getRGB(transparent) : 0;
    Picture picture = Rasters.ofPalette(frame.getRaster(), palette);
    return new Decoded(picture.on(width, height, left, top, background), Orientation.NORMAL);
  }

  /** The palette that Pillow assumes where a file has none. */
  private static IndexColorModel grays() {
    byte[] levels = new byte[256];
    for (int level = 0; level < levels.length; level++) {
      levels[level] = (byte) level;
    }
    return new IndexColorModel(8, levels.length, levels, levels, levels);
  }

  private static int paletteBytes(int flags) {
    return (flags & PALETTE_FLAG) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /** Where a chain of sub-blocks ends, after its empty block. */
  private static long afterBlocks(Bytes encoded, long at) throws MalformedImageException {
    long next = at;
    while (encoded.u8(next) != 0) {
      next += 1 + encoded.u8(next);
    }
    return next + 1;
  }
}
