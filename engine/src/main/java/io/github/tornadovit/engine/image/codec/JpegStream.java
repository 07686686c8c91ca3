package io.github.tornadovit.engine.image.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/**
 * The segments of a JPEG file: the facts that decide its colours, its metadata, and what is left
 * without application segments and comments.
 *
 * <p>Readers get what is left. The JDK's reader converts colours by an ICC profile, guesses colour
 * spaces in ways libjpeg does not, and stumbles over malformed application segments; without them
 * there is nothing to guess by, and {@link JpegDecoder} decides as libjpeg does.
 *
 * <p>Refused: anything but 8-bit Huffman-coded DCT of 1, 3 or 4 components; more than {@value
 * #MAX_SCANS} scans, each of which costs a pass over the picture; a file that ends before its end
 * marker, since a decoder would fill the missing part with gray.
 */
final class JpegStream {
  private static final int MAX_SCANS = 256;

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int RST0 = 0xD0;
  private static final int RST7 = 0xD7;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;
  private static final int TEM = 0x01;

  /** An Adobe segment of version 100 that says: no colour transform. */
  private static final byte[] RGB = {
    (byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  /**
   * One component of the frame.
   *
   * @param id as numbered in the file
   * @param horizontal sampling factor, 1 to 4
   * @param vertical sampling factor, 1 to 4
   */
  record Component(int id, int horizontal, int vertical) {}

  private final Bytes bytes;
  private final SlicedInput essential = new SlicedInput();
  private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
  private final List<Component> components = new ArrayList<>();
  private byte[] xmp = new byte[0];
  private int width;
  private int height;
  private boolean jfif;
  private boolean resolution;
  private int adobeTransform = -1;
  private int scans;

  private JpegStream(Bytes bytes) {
    this.bytes = bytes;
  }

  /** Walks over all segments up to the end marker. */
  static JpegStream parse(Bytes bytes, PixelLimit limit) throws MalformedImageException {
    JpegStream stream = new JpegStream(bytes);
    stream.walk(limit);
    return stream;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  List<Component> components() {
    return components;
  }

  /** Whether there is a JFIF segment, which says YCbCr. */
  boolean jfif() {
    return jfif;
  }

  /** The colour transform of an Adobe segment: 0 none, 1 YCbCr, 2 YCCK; -1 without segment. */
  int adobeTransform() {
    return adobeTransform;
  }

  /** The orientation of the Exif segments, which count as one, or of the last XMP segment. */
  Orientation orientation() {
    return resolution
        ? Orientation.of(exif.toByteArray(), xmp)
        : Orientation.forgiving(exif.toByteArray(), xmp);
  }

  /** Scans of the picture, at least 1. */
  int scans() {
    return scans;
  }

  /**
   * The file without application segments and comments, to be read once. Three components are said
   * to be RGB, which a reader leaves as they are.
   */
  ImageInputStream essential() {
    return essential;
  }

  private void walk(PixelLimit limit) throws MalformedImageException {
    essential.add(bytes.array(), 0, 2);
    long at = 2;
    while (true) {
      while (bytes.u8(at) != 0xFF) {
        at++;
      }
      while (bytes.u8(at) == 0xFF) {
        at++;
      }
      int code = bytes.u8(at++);
      if (code == EOI) {
        essential.add(bytes.array(), (int) at - 2, 2);
        break;
      }
      if (code == 0 || code == SOI || code == TEM || (code >= RST0 && code <= RST7)) {
        continue;
      }
      int length = bytes.u16BigEndian(at);
      if (length < 2) {
        throw new MalformedImageException(
            "has a JPEG segment of length " + length + " at byte " + at + ", expected at least 2");
      }
      bytes.require(at, length);
      segment(code, at, length, limit);
      at += length;
      if (code == SOS) {
        at = entropyCoded(at);
      }
    }
    if (scans == 0) {
      throw new MalformedImageException("has no image data before its end marker");
    }
  }

  private void segment(int code, long at, int length, PixelLimit limit)
      throws MalformedImageException {
    if (isFrame(code)) {
      frame(code, at, limit);
    }
    if (code == SOS) {
      if (components.isEmpty()) {
        throw new MalformedImageException("has image data before its frame header");
      }
      if (++scans > MAX_SCANS) {
        throw new MalformedImageException("has more than " + MAX_SCANS + " scans");
      }
    } else if (scans == 0) {
      metadata(code, at + 2, length - 2);
    }
    if ((code < APP0 || code > APP15) && code != COM) {
      if (isFrame(code) && components.size() == 3) {
        essential.add(RGB, 0, RGB.length);
      }
      essential.add(bytes.array(), (int) at - 2, length + 2);
    }
  }

  private static boolean isFrame(int code) {
    return code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
  }

  private void frame(int code, long at, PixelLimit limit) throws MalformedImageException {
    int precision = bytes.u8(at + 2);
    int count = bytes.u8(at + 7);
    if (code > 0xC2) {
      throw new MalformedImageException(
          "is a JPEG of process SOF"
              + (code - 0xC0)
              + " (lossless, hierarchical or arithmetic coding), expected SOF0, SOF1 or SOF2");
    }
    if (precision != 8 || (count != 1 && count != 3 && count != 4)) {
      throw new MalformedImageException(
          "is a JPEG of "
              + count
              + " components of "
              + precision
              + " bits, expected 1, 3 or 4 components of 8 bits");
    }
    if (!components.isEmpty()) {
      throw new MalformedImageException("has more than one frame header");
    }
    height = bytes.u16BigEndian(at + 3);
    width = bytes.u16BigEndian(at + 5);
    limit.check(width, height);
    int area = 1;
    for (int i = 0; i < count; i++) {
      int sampling = bytes.u8(at + 9 + 3L * i);
      Component component = new Component(bytes.u8(at + 8 + 3L * i), sampling >> 4, sampling & 15);
      components.add(component);
      area = Math.max(area, component.horizontal() * component.vertical());
    }
    // Every 8x8 block, of which a sampled area has at least one, takes a bit or more.
    limit.checkRatio(width, height, bytes.length() - at, 8L * 64 * area);
  }

  private void metadata(int code, long at, int length) throws MalformedImageException {
    if (code == APP0 && bytes.startsWith(at, "JFIF\0")) {
      jfif = true;
      resolution |= length >= 12 && (bytes.u8(at + 7) == 1 || bytes.u8(at + 7) == 2);
    } else if (code == APP14 && length >= 12 && bytes.startsWith(at, "Adobe")) {
      adobeTransform = bytes.u8(at + 11);
    } else if (code == APP1 && bytes.startsWith(at, "Exif\0\0")) {
      exif.write(bytes.array(), (int) at + 6, Math.max(0, length - 6));
    } else if (code == APP1 && bytes.startsWith(at, "http://ns.adobe.com/xap/1.0/\0")) {
      xmp = bytes.copy(at + 29, Math.max(0, length - 29));
    }
  }

  /** Takes the data of a scan and returns where the next marker stands. */
  private long entropyCoded(long start) throws MalformedImageException {
    byte[] data = bytes.array();
    int at = (int) start;
    while (at + 1 < data.length) {
      int next = data[at + 1] & 0xFF;
      if (data[at] == -1 && next != 0 && next != 0xFF && (next < RST0 || next > RST7)) {
        essential.add(data, (int) start, at - (int) start);
        return at;
      }
      at++;
    }
    throw new MalformedImageException(
        "is truncated: it ends at byte " + data.length + " within its image data");
  }
}
