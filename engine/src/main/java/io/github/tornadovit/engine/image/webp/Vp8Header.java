package io.github.tornadovit.engine.image.webp;

import io.github.tornadovit.engine.image.codec.Bytes;
import io.github.tornadovit.engine.image.codec.MalformedImageException;

/**
 * The header of a VP8 key frame (RFC 6386, section 9): segments, loop filter, quantizers, token
 * probabilities, and readers of its partitions.
 */
final class Vp8Header {
  static final int SEGMENTS = 4;

  private static final int FRAME_HEADER_BYTES = 10;

  private final Vp8BoolReader modes;
  private final Vp8BoolReader[] tokens;

  private boolean segmented;
  private boolean segmentMap;
  private boolean absoluteSegments = true;
  private final int[] segmentQuantizers = new int[SEGMENTS];
  private final int[] segmentFilterLevels = new int[SEGMENTS];
  private final int[] segmentProbabilities = {255, 255, 255};

  private final boolean simpleFilter;
  private final int filterLevel;
  private final int sharpness;
  private int intraFrameDelta;
  private int blockModeDelta;

  /** {@code [segment, plane type, DC or AC]}, plane types luma, luma DC, chroma. */
  private final int[][][] steps = new int[SEGMENTS][3][2];

  private final byte[] tokenProbabilities = Vp8Tables.TOKENS.clone();
  private final int skipProbability;

  /**
   * Parses a frame.
   *
   * @param start of the frame within the file, in bytes
   * @param length of the frame in bytes
   */
  Vp8Header(Bytes file, long start, long length) throws MalformedImageException {
    file.require(start, length);
    if (length < FRAME_HEADER_BYTES
        || (file.u8(start) & 1) != 0
        || (file.u8(start) & 0x10) == 0
        || !file.startsWith(start + 3, "\u009d\1*")) {
      throw new MalformedImageException(
          "has a VP8 frame at byte " + start + " that is no key frame");
    }
    long end = start + length;
    long first = start + FRAME_HEADER_BYTES;
    long firstLength = file.u24LittleEndian(start) >> 5;
    if (firstLength > end - first) {
      throw new MalformedImageException(
          "is truncated: the first VP8 partition takes "
              + firstLength
              + " bytes, "
              + (end - first)
              + " are there");
    }
    modes = new Vp8BoolReader(file.array(), (int) first, (int) firstLength);
    modes.number(2); // colour space and clamping: decoders clamp anyway
    readSegments();
    simpleFilter = modes.flag();
    filterLevel = modes.number(6);
    sharpness = modes.number(3);
    readFilterDeltas();
    tokens = readPartitions(file, first + firstLength, end);
    readQuantizers();
    modes.flag(); // whether probabilities persist: there is no next frame
    for (int i = 0; i < tokenProbabilities.length; i++) {
      if (modes.bit(Vp8Tables.TOKEN_UPDATES[i] & 0xFF) != 0) {
        tokenProbabilities[i] = (byte) modes.number(8);
      }
    }
    skipProbability = modes.flag() ? modes.number(8) : -1;
    if (modes.exhausted()) {
      throw new MalformedImageException("is truncated within its VP8 frame header");
    }
  }

  private void readSegments() {
    segmented = modes.flag();
    if (!segmented) {
      return;
    }
    segmentMap = modes.flag();
    if (modes.flag()) {
      absoluteSegments = modes.flag();
      for (int segment = 0; segment < SEGMENTS; segment++) {
        segmentQuantizers[segment] = modes.optionalSigned(7);
      }
      for (int segment = 0; segment < SEGMENTS; segment++) {
        segmentFilterLevels[segment] = modes.optionalSigned(6);
      }
    }
    if (segmentMap) {
      for (int i = 0; i < segmentProbabilities.length; i++) {
        segmentProbabilities[i] = modes.flag() ? modes.number(8) : 255;
      }
    }
  }

  private void readFilterDeltas() {
    boolean used = modes.flag();
    if (used && modes.flag()) {
      for (int i = 0; i < 8; i++) {
        int delta = modes.optionalSigned(6);
        // Four for reference frames, the first being this one; four for modes, the first being
        // 4x4 prediction; the others do not occur in key frames.
        if (i == 0) {
          intraFrameDelta = delta;
        } else if (i == 4) {
          blockModeDelta = delta;
        }
      }
    }
  }

  private Vp8BoolReader[] readPartitions(Bytes file, long sizes, long end)
      throws MalformedImageException {
    Vp8BoolReader[] readers = new Vp8BoolReader[1 << modes.number(2)];
    long at = sizes + 3L * (readers.length - 1);
    if (at >= end) {
      throw new MalformedImageException("is truncated before its VP8 token partitions");
    }
    for (int i = 0; i < readers.length; i++) {
      boolean last = i == readers.length - 1;
      long there = end - at;
      long length = last ? there : Math.min(there, file.u24LittleEndian(sizes + 3L * i));
      readers[i] = new Vp8BoolReader(file.array(), (int) at, (int) length);
      at += length;
    }
    return readers;
  }

  private void readQuantizers() {
    int base = modes.number(7);
    int lumaDc = modes.optionalSigned(4);
    int secondDc = modes.optionalSigned(4);
    int secondAc = modes.optionalSigned(4);
    int chromaDc = modes.optionalSigned(4);
    int chromaAc = modes.optionalSigned(4);
    for (int segment = 0; segment < SEGMENTS; segment++) {
      int index = !segmented ? base : segmentQuantizers[segment] + (absoluteSegments ? 0 : base);
      steps[segment][0][0] = Vp8Tables.DC_STEPS[Math.clamp(index + lumaDc, 0, 127)];
      steps[segment][0][1] = Vp8Tables.AC_STEPS[Math.clamp(index, 0, 127)];
      steps[segment][1][0] = Vp8Tables.DC_STEPS[Math.clamp(index + secondDc, 0, 127)] * 2;
      steps[segment][1][1] =
          Math.max(8, Vp8Tables.AC_STEPS[Math.clamp(index + secondAc, 0, 127)] * 155 / 100);
      steps[segment][2][0] = Vp8Tables.DC_STEPS[Math.clamp(index + chromaDc, 0, 117)];
      steps[segment][2][1] = Vp8Tables.AC_STEPS[Math.clamp(index + chromaAc, 0, 127)];
    }
  }

  /** The partition of prediction modes, at the first macroblock. */
  Vp8BoolReader modes() {
    return modes;
  }

  /** The partition with the tokens of a row of macroblocks. */
  Vp8BoolReader tokens(int row) {
    return tokens[row & (tokens.length - 1)];
  }

  /** The quantizer steps {@code {DC, AC}} of luma (0), luma DC (1) or chroma (2). */
  int[] steps(int segment, int plane) {
    return steps[segment][plane];
  }

  /** A probability of a token's tree. */
  int tokenProbability(int type, int band, int context, int node) {
    int index = (type * Vp8Tables.BANDS + band) * Vp8Tables.CONTEXTS + context;
    return tokenProbabilities[index * Vp8Tables.TOKEN_PROBABILITIES + node] & 0xFF;
  }

  /** The segment of the next macroblock, read from its modes. */
  int readSegment() {
    if (!segmentMap) {
      return 0;
    }
    return modes.bit(segmentProbabilities[0]) == 0
        ? modes.bit(segmentProbabilities[1])
        : 2 + modes.bit(segmentProbabilities[2]);
  }

  /** Whether the next macroblock has no tokens, read from its modes. */
  boolean readSkip() {
    return skipProbability >= 0 && modes.bit(skipProbability) != 0;
  }

  boolean simpleFilter() {
    return simpleFilter;
  }

  /** Whether the loop filter runs at all. */
  boolean filters() {
    return filterLevel != 0;
  }

  int sharpness() {
    return sharpness;
  }

  /** The level of the loop filter for a macroblock, 0 to 63. */
  int filterLevel(int segment, boolean blockModes) {
    int level = filterLevel;
    if (segmented) {
      level = segmentFilterLevels[segment] + (absoluteSegments ? 0 : filterLevel);
    }
    return Math.clamp(level + intraFrameDelta + (blockModes ? blockModeDelta : 0), 0, 63);
  }
}
