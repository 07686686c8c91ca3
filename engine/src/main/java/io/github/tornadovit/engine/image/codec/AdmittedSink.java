package io.github.tornadovit.engine.image.codec;

/**
 * Takes a picture from its decoder and hands it to a sink, once there is memory for it: turned as
 * its orientation says, which is looked at only if it is wanted, or as stored.
 */
public final class AdmittedSink {
  private final RowSink sink;
  private final boolean turns;
  private final long encodedBytes;
  private final DecodeMemory.Share memory;
  private Turn turn = Turn.of(0, 0, Turn.NONE);
  private int code = Turn.NONE;

  /**
   * A way to a sink.
   *
   * @param turns whether the picture is turned as its orientation says
   * @param encodedBytes of the file, which is in memory too
   */
  public AdmittedSink(RowSink sink, boolean turns, long encodedBytes, DecodeMemory.Share memory) {
    this.sink = sink;
    this.turns = turns;
    this.encodedBytes = encodedBytes;
    this.memory = memory;
  }

  /**
   * A picture that comes row by row, of a size as stored. Waits for memory.
   *
   * @throws MalformedImageException if its orientation is wanted and malformed
   */
  public void begin(int width, int height, Orientation orientation) throws MalformedImageException {
    take(width, height, orientation);
    memory.take(encodedBytes + sink.bytes(width, height, code));
    sink.begin(width, height, code);
  }

  /** The rows come once more, from the first. */
  public void beginAgain() {
    sink.begin(turn.storedWidth(), turn.storedHeight(), code);
  }

  /** The next row; see {@link RowSink#row}. */
  public void row(int y, byte[] rgb, int offset) {
    sink.row(y, rgb, offset);
  }

  /** A whole picture, as {@link #begin}; its decoder has waited for memory. */
  public void picture(Picture image, Orientation orientation) throws MalformedImageException {
    take(image.width(), image.height(), orientation);
    sink.picture(image, code);
  }

  private void take(int width, int height, Orientation orientation) throws MalformedImageException {
    code = turns ? orientation.code() : Turn.NONE;
    turn = Turn.of(width, height, code);
  }

  /** Columns of the picture as it is shown, once it has begun. */
  public int width() {
    return turn.width();
  }

  /** Rows of the picture as it is shown, once it has begun. */
  public int height() {
    return turn.height();
  }
}
