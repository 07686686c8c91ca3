package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.Picture;
import io.github.tornadovit.engine.image.codec.RowSink;
import io.github.tornadovit.engine.image.codec.Turn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the rows of a picture together, turned as it is to be shown. */
final class WholeImage implements RowSink {
  private Turn turn = Turn.of(1, 1, Turn.NONE);
  private byte[] rgb = {};
  private @Nullable RgbImage image;

  @Override
  public long bytes(int width, int height, int orientation) {
    return 3L * width * height;
  }

  @Override
  public void begin(int width, int height, int orientation) {
    turn = Turn.of(width, height, orientation);
    rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    image = RgbImage.owning(turn.width(), turn.height(), rgb);
  }

  @Override
  public void row(int y, byte[] source, int offset) {
    int target = turn.start(y) * 3;
    int step = turn.step() * 3;
    int width = turn.storedWidth();
    if (step == 3) {
      System.arraycopy(source, offset, rgb, target, width * 3);
      return;
    }
    for (int from = offset; from < offset + width * 3; from += 3, target += step) {
      rgb[target] = source[from];
      rgb[target + 1] = source[from + 1];
      rgb[target + 2] = source[from + 2];
    }
  }

  @Override
  public void picture(Picture whole, int orientation) {
    if (Turn.of(whole.width(), whole.height(), orientation).isNone()) {
      image = new RgbImage(whole);
    } else {
      RowSink.super.picture(whole, orientation);
    }
  }

  /** The picture, once all rows are there. */
  RgbImage image() {
    return Objects.requireNonNull(image, "no picture has begun");
  }
}
