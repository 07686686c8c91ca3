package io.github.tornadovit.engine.image.codec;

import java.nio.charset.StandardCharsets;

/**
 * The words of a Netpbm file as Pillow splits them: at white space; a comment from {@code #} to the
 * end of its line is no part of a word, nor ends it.
 */
public final class PnmTokens {
  private static final int MAX_LENGTH = 10;

  private final Bytes bytes;
  private int at;

  PnmTokens(Bytes bytes, int start) {
    this.bytes = bytes;
    this.at = start;
  }

  /** The offset of the byte after the last word and the one that ended it. */
  int position() {
    return at;
  }

  /** The next word that is a whole number from 0 to a largest one. */
  int number(String what, int max) throws MalformedImageException {
    String word = word(what);
    if (!word.matches("\\+?[0-9]+") || Long.parseLong(word) > max) {
      throw new MalformedImageException(
          "has %s '%s', expected a whole number from 0 to %d".formatted(what, word, max));
    }
    return (int) Long.parseLong(word);
  }

  /** The next word, of at most {@value #MAX_LENGTH} bytes. */
  String word(String what) throws MalformedImageException {
    StringBuilder word = new StringBuilder(MAX_LENGTH);
    while (word.length() <= MAX_LENGTH) {
      int next = next();
      boolean space = isSpace(next);
      if (next < 0 || (space && !word.isEmpty())) {
        break;
      }
      if (!space) {
        word.append((char) next);
      }
    }
    if (word.isEmpty()) {
      throw new MalformedImageException(
          "is truncated: it ends at byte %d, expected %s".formatted(bytes.length(), what));
    }
    if (word.length() > MAX_LENGTH) {
      throw new MalformedImageException(
          "has %s of more than %d characters".formatted(what, MAX_LENGTH));
    }
    return word.toString();
  }

  /** The next 0 or 1, which no white space need separate from others. */
  int bit() throws MalformedImageException {
    int next = next();
    while (isSpace(next)) {
      next = next();
    }
    if (next < 0) {
      throw new MalformedImageException(
          "is truncated: it ends at byte %d, expected a pixel".formatted(bytes.length()));
    }
    if (next != '0' && next != '1') {
      throw new MalformedImageException(
          "has a pixel that begins with byte %d, expected 0 or 1".formatted(next));
    }
    return next - '0';
  }

  /** The next byte that is in no comment; -1 at the end. */
  private int next() throws MalformedImageException {
    while (at < bytes.length()) {
      int next = bytes.u8(at++);
      if (next != '#') {
        return next;
      }
      while (at < bytes.length() && "\r\n".indexOf(bytes.u8(at++)) < 0) {
        // Within the comment.
      }
    }
    return -1;
  }

  static boolean isSpace(int character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }

  /** Whether a file begins as one of the formats: its magic number, a space, a number. */
  public static boolean begin(Bytes bytes) {
    if (bytes.length() < 4 || bytes.array()[0] != 'P') {
      return false;
    }
    String start = new String(bytes.array(), 1, 3, StandardCharsets.ISO_8859_1);
    int third = start.charAt(2);
    return "123456f".indexOf(start.charAt(0)) >= 0
        && isSpace(start.charAt(1))
        && (isSpace(third) || third == '#' || third == '+' || (third >= '0' && third <= '9'));
  }
}
