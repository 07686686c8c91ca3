package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
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

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final String where;
  private int opcodeAt;

  PickleInput(byte[] bytes, int position, String where) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(position);
    this.where = where;
  }

  int position() {
    return buffer.position();
  }

  /** Reads an opcode; errors that follow name its byte. */
  int opcode() {
    opcodeAt = position();
    return unsignedByte();
  }

  /** The error that what the last opcode does is not acceptable. */
  CheckpointException fail(String problem) {
    return new CheckpointException(where, "pickle at byte %d: %s".formatted(opcodeAt, problem));
  }

  int unsignedByte() {
    return Byte.toUnsignedInt(require(Byte.BYTES).get());
  }

  int unsignedShort() {
    return Short.toUnsignedInt(require(Short.BYTES).getShort());
  }

  int signedInt() {
    return require(Integer.BYTES).getInt();
  }

  /** A double, the one number that pickles store with the high byte first. */
  double real() {
    return Double.longBitsToDouble(Long.reverseBytes(require(Double.BYTES).getLong()));
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
    int start = position();
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      if (++end - start > MAX_LINE_BYTES) {
        throw fail("name of more than %d bytes".formatted(MAX_LINE_BYTES));
      }
    }
    String line = text(end - start, StandardCharsets.UTF_8);
    require(1).get();
    return line;
  }

  private byte[] raw(long size) {
    require(size);
    byte[] raw = new byte[(int) size];
    buffer.get(raw);
    return raw;
  }

  private ByteBuffer require(long size) {
    if (size > buffer.remaining()) {
      throw new CheckpointException(
          where,
          "pickle ends at byte %d in the middle of a value; it is cut short or too long"
              .formatted(bytes.length));
    }
    return buffer;
  }
}
