package io.github.tornadovit.engine.image.webp;

import io.github.tornadovit.engine.image.codec.Bytes;
import io.github.tornadovit.engine.image.codec.MalformedImageException;
import io.github.tornadovit.engine.image.codec.Picture;
import java.util.Arrays;

/**
 * Decodes a VP8 key frame, the picture of a lossy WebP file, bit for bit as libwebp does.
 *
 * <p>It is here because the readers of ImageIO that can be had differ from libwebp by tens of
 * levels. Planes first, unfiltered, since prediction reads them so; then the loop filter over the
 * whole frame; then colours. Cost: about two bytes a pixel beside the result.
 */
final class Vp8Decoder {
  private static final int LUMA_SIDE = 16;
  private static final int CHROMA_SIDE = 8;

  private final Vp8Header header;
  private final int columns;
  private final int rows;
  private final Vp8Plane luma;
  private final Vp8Plane blueDifference;
  private final Vp8Plane redDifference;
  private final Vp8Residuals residuals;

  /** Modes of the 4x4 blocks above, {@code [4 * columns]}, and left, {@code [4]}. */
  private final int[] modesAbove;

  private final int[] modesLeft = new int[4];

  /** Per macroblock: the level of the loop filter, and whether inner edges are filtered. */
  private final byte[] filterLevels;

  private final boolean[] filtersInside;

  private Vp8Decoder(Vp8Header header, int width, int height) {
    this.header = header;
    columns = (width + LUMA_SIDE - 1) / LUMA_SIDE;
    rows = (height + LUMA_SIDE - 1) / LUMA_SIDE;
    luma = new Vp8Plane(columns * LUMA_SIDE, rows * LUMA_SIDE);
    blueDifference = new Vp8Plane(columns * CHROMA_SIDE, rows * CHROMA_SIDE);
    redDifference = new Vp8Plane(columns * CHROMA_SIDE, rows * CHROMA_SIDE);
    residuals = new Vp8Residuals(header, columns);
    modesAbove = new int[4 * columns];
    filterLevels = new byte[columns * rows];
    filtersInside = new boolean[columns * rows];
  }

  /**
   * Decodes a frame whose size has passed the limit.
   *
   * @param start of the frame within the file, in bytes
   * @param length of the frame in bytes
   * @param width of the picture in pixels, from its header
   * @param height of the picture in pixels, from its header
   */
  static Picture decode(Bytes file, long start, long length, int width, int height)
      throws MalformedImageException {
    Vp8Decoder decoder = new Vp8Decoder(new Vp8Header(file, start, length), width, height);
    decoder.reconstruct();
    if (decoder.header.filters()) {
      decoder.filter();
    }
    return new Vp8Colors(decoder.luma, decoder.blueDifference, decoder.redDifference)
        .toRgb(width, height);
  }

  private void reconstruct() throws MalformedImageException {
    for (int row = 0; row < rows; row++) {
      residuals.startRow();
      Arrays.fill(modesLeft, Vp8Predictor.DC);
      for (int column = 0; column < columns; column++) {
        macroblock(column, row);
        if (header.modes().exhausted() || header.tokens(row).exhausted()) {
          throw new MalformedImageException(
              "is truncated: its VP8 data ends in row " + row + " of " + rows + " macroblocks");
        }
      }
    }
  }

  private void macroblock(int column, int row) {
    Vp8BoolReader modes = header.modes();
    int segment = header.readSegment();
    boolean skip = header.readSkip();
    boolean blockModes = modes.bit(145) == 0;
    int[] blocks = new int[16];
    int mode = Vp8Predictor.DC;
    if (blockModes) {
      readBlockModes(column, blocks);
    } else {
      mode = readLumaMode();
      Arrays.fill(modesAbove, 4 * column, 4 * column + 4, mode);
      Arrays.fill(modesLeft, mode);
    }
    int chromaMode = readChromaMode();
    boolean any = false;
    if (skip) {
      residuals.skip(column, blockModes);
    } else {
      any = residuals.read(header.tokens(row), column, segment, blockModes);
    }
    filterLevels[row * columns + column] = (byte) header.filterLevel(segment, blockModes);
    filtersInside[row * columns + column] = blockModes || any;
    if (blockModes) {
      reconstructBlocks(column, row, blocks);
    } else {
      Vp8Predictor.predict(luma, column, row, LUMA_SIDE, mode);
      for (int i = 0; i < 16; i++) {
        addResidual(luma, column * 16 + i % 4 * 4, row * 16 + i / 4 * 4, i);
      }
    }
    reconstructChroma(blueDifference, column, row, chromaMode, 16);
    reconstructChroma(redDifference, column, row, chromaMode, 20);
  }

  private int readLumaMode() {
    Vp8BoolReader modes = header.modes();
    if (modes.bit(156) == 0) {
      return modes.bit(163) == 0 ? Vp8Predictor.DC : Vp8Predictor.VERTICAL;
    }
    return modes.bit(128) == 0 ? Vp8Predictor.HORIZONTAL : Vp8Predictor.TRUE_MOTION;
  }

  private int readChromaMode() {
    Vp8BoolReader modes = header.modes();
    if (modes.bit(142) == 0) {
      return Vp8Predictor.DC;
    }
    if (modes.bit(114) == 0) {
      return Vp8Predictor.VERTICAL;
    }
    return modes.bit(183) == 0 ? Vp8Predictor.HORIZONTAL : Vp8Predictor.TRUE_MOTION;
  }

  private void readBlockModes(int column, int[] blocks) {
    for (int i = 0; i < 16; i++) {
      int above = 4 * column + i % 4;
      int left = i / 4;
      int tree =
          (modesAbove[above] * Vp8Tables.BLOCK_MODES + modesLeft[left])
              * (Vp8Tables.BLOCK_MODES - 1);
      int node = 0;
      do {
        node = Vp8Tables.BLOCK_MODE_TREE[2 * node + header.modes().bit(treeNode(tree + node))];
      } while (node > 0);
      blocks[i] = -node;
      modesAbove[above] = -node;
      modesLeft[left] = -node;
    }
  }

  private static int treeNode(int index) {
    return Vp8Tables.BLOCK_MODE_NODES[index] & 0xFF;
  }

  private void reconstructBlocks(int column, int row, int[] blocks) {
    // Blocks of the lower rows on the right side have the macroblock's own above-right samples.
    int[] corner = new int[4];
    boolean rightmost = column == columns - 1 && row > 0;
    for (int i = 0; i < 4; i++) {
      corner[i] = luma.get(column * 16 + (rightmost ? 15 : 16 + i), row * 16 - 1);
    }
    int[] aboveRight = new int[4];
    for (int i = 0; i < 16; i++) {
      int x = column * 16 + i % 4 * 4;
      int y = row * 16 + i / 4 * 4;
      for (int k = 0; k < 4; k++) {
        aboveRight[k] = i % 4 == 3 ? corner[k] : luma.get(x + 4 + k, y - 1);
      }
      Vp8Predictor.predictBlock(luma, x, y, blocks[i], aboveRight);
      addResidual(luma, x, y, i);
    }
  }

  private void reconstructChroma(Vp8Plane plane, int column, int row, int mode, int firstBlock) {
    Vp8Predictor.predict(plane, column, row, CHROMA_SIDE, mode);
    for (int i = 0; i < 4; i++) {
      addResidual(plane, column * 8 + i % 2 * 4, row * 8 + i / 2 * 4, firstBlock + i);
    }
  }

  private void addResidual(Vp8Plane plane, int x, int y, int block) {
    short[] coefficients = residuals.coefficients();
    for (int i = 0; i < 16; i++) {
      if (coefficients[block * 16 + i] != 0) {
        plane.addTransform(x, y, coefficients, block * 16);
        return;
      }
    }
  }

  private void filter() {
    boolean simple = header.simpleFilter();
    Vp8LoopFilter lumaFilter = new Vp8LoopFilter(luma, simple);
    Vp8LoopFilter blueFilter = new Vp8LoopFilter(blueDifference, simple);
    Vp8LoopFilter redFilter = new Vp8LoopFilter(redDifference, simple);
    for (int i = 0; i < filterLevels.length; i++) {
      int column = i % columns;
      int row = i / columns;
      int level = filterLevels[i];
      if (level > 0) {
        lumaFilter.filter(column, row, LUMA_SIDE, level, header.sharpness(), filtersInside[i]);
        if (!simple) {
          blueFilter.filter(column, row, CHROMA_SIDE, level, header.sharpness(), filtersInside[i]);
          redFilter.filter(column, row, CHROMA_SIDE, level, header.sharpness(), filtersInside[i]);
        }
      }
    }
  }
}
