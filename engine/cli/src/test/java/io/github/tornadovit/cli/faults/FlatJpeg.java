package io.github.tornadovit.cli.faults;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Makes JPEG files of one gray level, of any size and next to nothing: every coefficient of every
 * block is 0, and every code is a bit 0.
 */
final class FlatJpeg {
  private FlatJpeg() {}

  /**
   * A baseline file of level 128.
   *
   * @param components 1, gray, or 3, YCbCr without subsampling
   * @param orientation of EXIF, 1 to 8
   */
  static byte[] of(int width, int height, int components, int orientation) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes(out, 0xFF, 0xD8);
    segment(
        out,
        0xE1,
        'E',
        'x',
        'i',
        'f',
        0,
        0,
        'M',
        'M',
        0,
        42,
        0,
        0,
        0,
        8,
        0,
        1,
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0,
        0,
        0,
        0,
        0);
    int[] ones = new int[65];
    Arrays.fill(ones, 1, 65, 1);
    segment(out, 0xDB, ones);
    int[] frame = new int[6 + 3 * components];
    frame[0] = 8;
    frame[1] = height >> 8;
    frame[2] = height & 0xFF;
    frame[3] = width >> 8;
    frame[4] = width & 0xFF;
    frame[5] = components;
    int[] scan = new int[4 + 2 * components];
    scan[0] = components;
    scan[2 * components + 2] = 63;
    for (int c = 0; c < components; c++) {
      frame[6 + 3 * c] = c + 1;
      frame[7 + 3 * c] = 0x11;
      scan[1 + 2 * c] = c + 1;
    }
    segment(out, 0xC0, frame);
    // One code of one bit: no difference for DC, end of block for AC.
    segment(out, 0xC4, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    segment(out, 0xC4, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    segment(out, 0xDA, scan);
    long blocks = (long) Math.ceilDiv(width, 8) * Math.ceilDiv(height, 8) * components;
    out.writeBytes(new byte[Math.toIntExact(Math.ceilDiv(2 * blocks, 8))]);
    bytes(out, 0xFF, 0xD9);
    return out.toByteArray();
  }

  private static void segment(ByteArrayOutputStream out, int marker, int... content) {
    bytes(out, 0xFF, marker, (content.length + 2) >> 8, (content.length + 2) & 0xFF);
    bytes(out, content);
  }

  private static void bytes(ByteArrayOutputStream out, int... values) {
    for (int value : values) {
      out.write(value);
    }
  }
}
