package io.github.tornadovit.engine.image.codec;

import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * A raster that keeps nothing: a reader of ImageIO that stores its rows in it one after the other
 * hands them to somebody else, and the picture never exists as a whole.
 */
final class RowRaster extends WritableRaster {
  /** Takes a row. */
  interface Rows {
    /**
     * The next row; after the last, a pass over the picture may begin again.
     *
     * @param samples interleaved; valid during the call
     */
    void row(int y, byte[] samples);
  }

  private final transient Rows rows;

  private RowRaster(int width, int height, int bands, Rows rows) {
    super(
        new PixelInterleavedSampleModel(
            DataBuffer.TYPE_BYTE, width, height, bands, width * bands, offsets(bands)),
        new DataBufferByte(1),
        new Point());
    this.rows = rows;
  }

  private static int[] offsets(int bands) {
    return bands == 1 ? new int[] {0} : new int[] {0, 1, 2};
  }

  /**
   * The image that a reader takes for its destination.
   *
   * @param bands 1, gray, or 3, RGB
   */
  static BufferedImage image(int width, int height, int bands, Rows rows) {
    ColorSpace colors =
        ColorSpace.getInstance(bands == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    return new BufferedImage(
        new ComponentColorModel(
            colors, false, false, ComponentColorModel.OPAQUE, DataBuffer.TYPE_BYTE),
        new RowRaster(width, height, bands, rows),
        false,
        null);
  }

  /** Takes a row from the raster of one row that a reader fills again and again. */
  @Override
  public void setRect(int x, int y, Raster row) {
    rows.row(y, ((DataBufferByte) row.getDataBuffer()).getData());
  }
}
