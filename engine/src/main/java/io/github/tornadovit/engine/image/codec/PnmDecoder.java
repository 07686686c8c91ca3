package io.github.tornadovit.engine.image.codec;

import java.util.stream.IntStream;

/**
 * Netpbm's PBM, PGM and PPM, plain and raw (P1 to P6), and gray PFM (Pf), as Pillow: levels are
 * scaled to the largest value that the header names, gray of more than 8 bits is clipped at 255. Of
 * several pictures in a file the first is taken.
 */
public final class PnmDecoder implements PictureDecoder {
  private static final int MAGIC_BYTES = 2;
  private static final int MAX_LEVEL = 65535;

  @Override
  public Decoded decode(Bytes encoded, PixelLimit limit) throws MalformedImageException {
    char kind = (char) encoded.u8(1);
    PnmTokens tokens = new PnmTokens(encoded, MAGIC_BYTES);
    int width = tokens.number("a width", Integer.MAX_VALUE);
    int height = tokens.number("a height", Integer.MAX_VALUE);
    limit.check(width, height);
    byte[] rgb =
        switch (kind) {
          case '1' -> plainBits(encoded, tokens, limit, width, height);
          case '4' -> bits(encoded, tokens.position(), width, height);
          case 'f' -> floats(encoded, tokens, width, height);
          default -> levels(encoded, tokens, limit, width, height, kind);
        };
    return new Decoded(new Picture(width, height, rgb), Orientation.NORMAL);
  }

  private static byte[] plainBits(
      Bytes encoded, PnmTokens tokens, PixelLimit limit, int width, int height)
      throws MalformedImageException {
    limit.checkRatio(width, height, encoded.length() - tokens.position(), 1);
    byte[] rgb = new byte[width * height * 3];
    for (int pixel = 0; pixel < width * height; pixel++) {
      gray(rgb, pixel, 255 * (1 - tokens.bit()));
    }
    return rgb;
  }

  private static byte[] bits(Bytes encoded, int start, int width, int height)
      throws MalformedImageException {
    int rowBytes = (width + 7) / 8;
    encoded.require(start, (long) rowBytes * height);
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int bit = encoded.array()[start + y * rowBytes + x / 8] >> (7 - x % 8) & 1;
        gray(rgb, y * width + x, 255 * (1 - bit));
      }
    }
    return rgb;
  }

  /** From the bottom row to the top; the scale says nothing but the byte order by its sign. */
  private static byte[] floats(Bytes encoded, PnmTokens tokens, int width, int height)
      throws MalformedImageException {
    String scale = tokens.word("a scale");
    if (!scale.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
        || Double.parseDouble(scale) == 0
        || Double.isInfinite(Double.parseDouble(scale))) {
      throw new MalformedImageException(
          "has a scale '%s', expected a number that is not 0".formatted(scale));
    }
    boolean littleEndian = scale.startsWith("-");
    int at = tokens.position();
    encoded.require(at, 4L * width * height);
    byte[] rgb = new byte[width * height * 3];
    for (int y = height - 1; y >= 0; y--) {
      for (int x = 0; x < width; x++, at += Float.BYTES) {
        int bits = littleEndian ? encoded.i32LittleEndian(at) : encoded.i32BigEndian(at);
        gray(rgb, y * width + x, Math.clamp((int) Float.intBitsToFloat(bits), 0, 255));
      }
    }
    return rgb;
  }

  private static byte[] levels(
      Bytes encoded, PnmTokens tokens, PixelLimit limit, int width, int height, char kind)
      throws MalformedImageException {
    int maximum = tokens.number("a largest value", MAX_LEVEL);
    if (maximum == 0) {
      throw new MalformedImageException("has the largest value 0, expected 1 to " + MAX_LEVEL);
    }
    boolean color = kind == '3' || kind == '6';
    boolean plain = kind == '2' || kind == '3';
    int samples = width * height * (color ? 3 : 1);
    int sampleBytes = maximum > 255 ? 2 : 1;
    int at = tokens.position();
    if (plain) {
      limit.checkRatio(width, height, encoded.length() - at, 1);
    } else {
      encoded.require(at, (long) samples * sampleBytes);
    }
    byte[] scaled = scaled(maximum, color, plain ? maximum : sampleBytes == 1 ? 255 : MAX_LEVEL);
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < samples; i++, at += sampleBytes) {
      int sample;
      if (plain) {
        sample = tokens.number("a level", maximum);
      } else {
        sample = sampleBytes == 1 ? encoded.array()[at] & 255 : encoded.u16BigEndian(at);
      }
      if (color) {
        rgb[i] = scaled[sample];
      } else {
        gray(rgb, i, scaled[sample]);
      }
    }
    return rgb;
  }

  /** What becomes of each value up to a last one; those above the maximum are as bright as it. */
  private static byte[] scaled(int maximum, boolean color, int last) {
    boolean deepGray = !color && maximum > 255;
    int brightest = deepGray ? MAX_LEVEL : 255;
    byte[] levels = new byte[last + 1];
    IntStream.rangeClosed(0, last)
        .forEach(
            value -> {
              double level = Math.rint((double) value / maximum * brightest);
              levels[value] = (byte) Math.min(level, 255);
            });
    return levels;
  }

  private static void gray(byte[] rgb, int pixel, int level) {
    rgb[pixel * 3] = (byte) level;
    rgb[pixel * 3 + 1] = (byte) level;
    rgb[pixel * 3 + 2] = (byte) level;
  }
}
