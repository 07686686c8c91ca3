package io.github.tornadovit.engine.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text as people have it: UTF-8, or UTF-16 with a byte order mark. */
final class TextFile {
  /** Two million lines of the usual length; what is larger is most likely no list of labels. */
  private static final int MAX_BYTES = 128 << 20;

  private TextFile() {}

  /**
   * The text without its byte order mark. Text in another encoding is refused: nothing is replaced.
   *
   * @throws DataSetException if it is none, or too long
   */
  static String read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream input = Files.newInputStream(file)) {
      bytes = input.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new DataSetException(
          file.toString(),
          "has more than %d bytes, expected a list of labels of at most so many"
              .formatted(MAX_BYTES));
    }
    Charset encoding = encoding(bytes);
    try {
      String text = encoding.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new DataSetException(
            file.toString(),
            "holds a NUL character, which no text has; if it is UTF-16 without a byte order mark, or"
                + " UTF-32, save it as UTF-8");
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException malformed) {
      throw new DataSetException(
          file.toString(),
          "is not %s, expected text in UTF-8, or UTF-16 with a byte order mark".formatted(encoding),
          malformed);
    }
  }

  private static Charset encoding(byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    return switch (mark) {
      case 0xFEFF -> StandardCharsets.UTF_16BE;
      case 0xFFFE -> StandardCharsets.UTF_16LE;
      default -> StandardCharsets.UTF_8;
    };
  }
}
