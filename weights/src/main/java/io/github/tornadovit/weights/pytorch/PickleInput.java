package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.weights.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read in order; never beyond their end. */
final class PickleInput {
  /** Longest string; tensor and module names have some hundred characters. */
  static final int MAX_TEXT_BYTES = 1 << 16;

  private static final int MAX_LINE_BYTES = 256;
  private static final ValueLayout.OfShort LE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt LE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble BE_DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment bytes;
  private final String where;
  private long position;

  PickleInput(MemorySegment bytes, long position, String where) {
    this.bytes = bytes;
    this.position = position;
    this.where = where;
  }

  long position() {
    return position;
  }

  /** The error that the pickle is not acceptable, at the byte before {@link #position}. */
  CheckpointException fail(String problem) {
    return new CheckpointException(
        where, "pickle at byte %d: %s".formatted(Math.max(0, position - 1), problem));
  }

  int unsignedByte() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
  }

  int unsignedShort() {
    return Short.toUnsignedInt(bytes.get(LE_SHORT, advance(Short.BYTES)));
  }

  int signedInt() {
    return bytes.get(LE_INT, advance(Integer.BYTES));
  }

  double real() {
    return bytes.get(BE_DOUBLE, advance(Double.BYTES));
  }

  /** A little-endian two's complement integer of a number of bytes. */
  long integer(int size) {
    byte[] digits = raw(size);
    for (int i = 0; i < size / 2; i++) {
      byte low = digits[i];
      digits[i] = digits[size - 1 - i];
      digits[size - 1 - i] = low;
    }
    BigInteger value = size == 0 ? BigInteger.ZERO : new BigInteger(digits);
    if (value.bitLength() >= Long.SIZE) {
      throw fail("integer of %d bits, expected at most 64".formatted(value.bitLength() + 1));
    }
    return value.longValue();
  }

  /** A string of a number of bytes. */
  String text(long size, Charset charset) {
    if (size < 0 || size > MAX_TEXT_BYTES) {
      throw fail("string of %d bytes, expected at most %d".formatted(size, MAX_TEXT_BYTES));
    }
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(raw(size)))
          .toString();
    } catch (CharacterCodingException e) {
      throw fail("string is not " + charset);
    }
  }

  /** Text up to a line feed, which is read and left out. */
  String line() {
    long end = position;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      if (++end - position > MAX_LINE_BYTES) {
        throw fail("name of more than %d bytes".formatted(MAX_LINE_BYTES));
      }
    }
    String line = text(end - position, StandardCharsets.UTF_8);
    advance(1);
    return line;
  }

  private byte[] raw(long size) {
    return bytes.asSlice(advance(size), size).toArray(ValueLayout.JAVA_BYTE);
  }

  private long advance(long size) {
    long start = position;
    if (size > bytes.byteSize() - start) {
      throw new CheckpointException(
          where,
          "pickle ends at byte %d in the middle of a value; it is cut short or too long"
              .formatted(bytes.byteSize()));
    }
    position += size;
    return start;
  }
}
