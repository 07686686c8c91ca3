package io.github.tornadovit.engine.image.codec;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/** Parts of arrays one after the other as a stream of ImageIO, without a copy of them. */
final class SlicedInput extends ImageInputStreamImpl {
  @SuppressWarnings("ArrayRecordComponent") // A part of it, never compared.
  private record Slice(byte[] array, int offset, int length, long start) {
    private long end() {
      return start + length;
    }
  }

  private final List<Slice> slices = new ArrayList<>();
  private int last;

  /** Adds a part, at the end. */
  void add(byte[] array, int offset, int length) {
    slices.add(new Slice(array, offset, length, length()));
  }

  @Override
  public long length() {
    return slices.isEmpty() ? 0 : slices.getLast().end();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    bitOffset = 0;
    Slice slice = slice();
    if (slice == null) {
      return length == 0 ? 0 : -1;
    }
    int from = (int) (streamPos - slice.start);
    int count = Math.min(length, slice.length - from);
    System.arraycopy(slice.array, slice.offset + from, bytes, offset, count);
    streamPos += count;
    return count;
  }

  /** That of the position, which is mostly the last one's or the next one's; null at the end. */
  private @Nullable Slice slice() {
    if (last < slices.size() && streamPos < slices.get(last).start) {
      last = 0;
    }
    while (last < slices.size() && slices.get(last).end() <= streamPos) {
      last++;
    }
    return last < slices.size() ? slices.get(last) : null;
  }
}
