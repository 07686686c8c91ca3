package io.github.tornadovit.engine.image.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A text chunk of a PNG file: tEXt, zTXt or iTXt.
 *
 * @param value still compressed if {@code compressed}
 * @param international whether it is an iTXt, whose text is to be UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PngText(String key, byte[] value, boolean compressed, boolean international) {
  /** The most a compressed text may inflate to, as in Pillow; a larger one counts as absent. */
  private static final int MAX_BYTES = 1 << 20;

  /** Finds the parts; null for an iTXt without them, which Pillow passes over. */
  static @Nullable PngText parse(String type, byte[] chunk) {
    int keyEnd = end(chunk, 0);
    String key = new String(chunk, 0, keyEnd, StandardCharsets.ISO_8859_1);
    int start = Math.min(keyEnd + 1, chunk.length);
    return switch (type) {
      case "tEXt" -> new PngText(key, from(chunk, start), false, false);
      case "zTXt" -> new PngText(key, from(chunk, start + 1), true, false);
      default -> international(key, chunk, start);
    };
  }

  private static @Nullable PngText international(String key, byte[] chunk, int start) {
    int languageEnd = end(chunk, start + 2);
    int keywordEnd = end(chunk, languageEnd + 1);
    boolean compressed = start < chunk.length && chunk[start] != 0;
    if (keywordEnd >= chunk.length || (compressed && chunk[start + 1] != 0)) {
      return null;
    }
    return new PngText(key, from(chunk, keywordEnd + 1), compressed, true);
  }

  /** Where the next zero byte stands, or the end. */
  private static int end(byte[] chunk, int start) {
    int at = start;
    while (at < chunk.length && chunk[at] != 0) {
      at++;
    }
    return Math.min(at, chunk.length);
  }

  private static byte[] from(byte[] chunk, int start) {
    return Arrays.copyOfRange(chunk, Math.min(start, chunk.length), chunk.length);
  }

  /** This text with its value inflated. */
  PngText inflatedTo(byte[] inflated) {
    return new PngText(key, inflated, false, international);
  }

  /** Whether the value is UTF-8. */
  boolean isUnicode() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException other) {
      return false;
    }
  }

  /** The text inflated; null if that fails or gives too much. */
  byte @Nullable [] inflated() {
    byte[] buffer = new byte[MAX_BYTES];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(value);
      int length = inflater.inflate(buffer);
      return inflater.finished() ? Arrays.copyOf(buffer, length) : null;
    } catch (DataFormatException damaged) {
      return null;
    }
  }
}
