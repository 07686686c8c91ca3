package io.github.tornadovit.engine.image.webp;

/**
 * VP8's boolean entropy decoder (RFC 6386, section 7) over a range of bytes. Reading on past the
 * end yields zeros and sets {@link #exhausted}.
 */
final class Vp8BoolReader {
  private final byte[] data;
  private final int end;
  private int position;

  /** The range less 1: 127 to 254 between calls. */
  private int range = 254;

  /** Bits read from the data and not used yet; there are {@code 8 + bits} of them. */
  private int value;

  private int bits = -8;
  private boolean exhausted;

  /**
   * A reader of {@code length} bytes.
   *
   * @param start must lie, with the length, within the data
   */
  Vp8BoolReader(byte[] data, int start, int length) {
    this.data = data;
    this.position = start;
    this.end = start + length;
  }

  /** Whether a bit was asked for that the data does not have. */
  boolean exhausted() {
    return exhausted;
  }

  /** A bit that is 0 with the given probability, in 256ths. */
  int bit(int probability) {
    if (bits < 0) {
      load();
    }
    int split = (range * probability) >> 8;
    int bit;
    if (value >>> bits > split) {
      range -= split;
      value -= (split + 1) << bits;
      bit = 1;
    } else {
      range = split + 1;
      bit = 0;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range = (range << shift) - 1;
    bits -= shift;
    return bit;
  }

  private void load() {
    if (position < end) {
      value = value << 8 | (data[position++] & 0xFF);
      bits += 8;
    } else if (!exhausted) {
      value <<= 8;
      bits += 8;
      exhausted = true;
    } else {
      bits = 0;
    }
  }

  /** One bit of even probability. */
  boolean flag() {
    return bit(128) != 0;
  }

  /** An unsigned number of {@code count} bits, the highest first. */
  int number(int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      number = number << 1 | bit(128);
    }
    return number;
  }

  /** A number of {@code count} bits and a sign. */
  int signed(int count) {
    int magnitude = number(count);
    return flag() ? -magnitude : magnitude;
  }

  /** A flag and, if it is set, a signed number; else 0. */
  int optionalSigned(int count) {
    return flag() ? signed(count) : 0;
  }
}
