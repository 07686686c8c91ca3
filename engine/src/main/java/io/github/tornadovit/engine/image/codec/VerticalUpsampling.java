package io.github.tornadovit.engine.image.codec;

/**
 * Redoes the upsampling of JPEG components that have half the rows but all columns (4:4:0, what a
 * lossless rotation makes of 4:2:2). libjpeg 6b in the JDK repeats their rows; libjpeg-turbo in
 * Pillow interpolates them: {@code (3 * nearer + further + bias) >> 2}, bias 1 for the upper of two
 * rows and 2 for the lower one. Repeating loses nothing, so the result is exact.
 *
 * <p>Rows come from the top and are handed on in order, the lower of two when the next one is
 * there.
 */
final class VerticalUpsampling {
  private final RowRaster.Rows target;
  private final boolean[] halved;
  private final byte[] lower;
  private final byte[] refined;
  private int waiting = -1;

  private VerticalUpsampling(RowRaster.Rows target, boolean[] halved, int rowLength) {
    this.target = target;
    this.halved = halved;
    lower = new byte[rowLength];
    refined = new byte[rowLength];
  }

  /** For rows of samples of a file, interleaved; rows that need nothing go through. */
  static VerticalUpsampling of(JpegStream stream, RowRaster.Rows target) {
    int maxHorizontal = 0;
    int maxVertical = 0;
    for (JpegStream.Component component : stream.components()) {
      maxHorizontal = Math.max(maxHorizontal, component.horizontal());
      maxVertical = Math.max(maxVertical, component.vertical());
    }
    boolean[] halved = new boolean[stream.components().size()];
    boolean any = false;
    for (int c = 0; c < halved.length; c++) {
      JpegStream.Component component = stream.components().get(c);
      halved[c] =
          component.horizontal() == maxHorizontal && component.vertical() * 2 == maxVertical;
      any |= halved[c];
    }
    return new VerticalUpsampling(target, halved, any ? stream.width() * halved.length : 0);
  }

  /** Takes the next row; one of number 0 begins anew. */
  void row(int y, byte[] samples) {
    if (lower.length == 0) {
      target.row(y, samples);
      return;
    }
    if (y == 0) {
      waiting = -1;
    }
    if (y % 2 == 1) {
      System.arraycopy(samples, 0, lower, 0, lower.length);
      waiting = y;
      return;
    }
    byte[] further = waiting < 0 ? samples : lower;
    if (waiting >= 0) {
      put(waiting, lower, samples, 2);
    }
    put(y, samples, further, 1);
    waiting = -1;
  }

  /** Hands on what waits for a row that will not come. */
  void end() {
    if (waiting >= 0) {
      put(waiting, lower, lower, 2);
      waiting = -1;
    }
  }

  private void put(int y, byte[] nearer, byte[] further, int bias) {
    System.arraycopy(nearer, 0, refined, 0, refined.length);
    for (int c = 0; c < halved.length; c++) {
      if (halved[c]) {
        for (int i = c; i < refined.length; i += halved.length) {
          refined[i] = (byte) ((3 * (nearer[i] & 0xFF) + (further[i] & 0xFF) + bias) >> 2);
        }
      }
    }
    target.row(y, refined);
  }
}
