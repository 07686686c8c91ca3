package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The records of a CSV file as people have them: UTF-8, or UTF-16 with a byte order mark, and
 * fields separated by commas, semicolons, tabs or bars.
 *
 * @param separator as it was found
 * @param records at least one; empty lines are left out
 */
record CsvFile(Path file, char separator, List<CsvRecord> records) {
  /** Two million lines of the usual length; what is larger is most likely no CSV. */
  private static final int MAX_BYTES = 128 << 20;

  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');

  /** Records that tell the separator. */
  private static final int SAMPLE = 100;

  /**
   * Reads a file. The separator is the first of comma, semicolon, tab and bar that makes a header
   * of the first line or, where none does, two fields of each of the first lines; else the comma.
   *
   * @throws DataSetException if it is no text, no CSV or holds nothing
   */
  static CsvFile read(Path file) throws IOException {
    String text = text(file);
    for (char separator : SEPARATORS) {
      if (text.indexOf(separator) >= 0
          && sample(text, separator, 1).stream().anyMatch(CsvColumns::isHeader)) {
        return new CsvFile(file, separator, records(file, text, separator));
      }
    }
    for (char separator : SEPARATORS) {
      List<CsvRecord> first =
          text.indexOf(separator) < 0 ? List.of() : sample(text, separator, SAMPLE);
      if (!first.isEmpty() && first.stream().allMatch(record -> record.getFieldCount() == 2)) {
        return new CsvFile(file, separator, records(file, text, separator));
      }
    }
    return new CsvFile(file, likely(text), records(file, text, likely(text)));
  }

  /** The first separator that the first line holds. */
  private static char likely(String text) {
    String line = text.lines().filter(some -> !some.isBlank()).findFirst().orElse("");
    return SEPARATORS.stream().filter(c -> line.indexOf(c) >= 0).findFirst().orElse(',');
  }

  /** For messages. */
  String separatorName() {
    return switch (separator) {
      case ';' -> "semicolons";
      case '\t' -> "tabs";
      case '|' -> "bars";
      default -> "commas";
    };
  }

  /** For messages. */
  String where(CsvRecord record) {
    return file + ", line " + record.getStartingLineNumber();
  }

  private static CsvReader<CsvRecord> reader(String text, char separator) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .ofCsvRecord(new StringReader(text));
  }

  /** The first records; none if they are no CSV. */
  private static List<CsvRecord> sample(String text, char separator, int limit) throws IOException {
    try (CsvReader<CsvRecord> reader = reader(text, separator);
        Stream<CsvRecord> records = reader.stream()) {
      return records.limit(limit).toList();
    } catch (CsvParseException malformed) {
      return List.of();
    }
  }

  private static List<CsvRecord> records(Path file, String text, char separator)
      throws IOException {
    try (CsvReader<CsvRecord> reader = reader(text, separator)) {
      List<CsvRecord> records = reader.stream().toList();
      if (records.isEmpty()) {
        throw new DataSetException(file.toString(), "holds no line of path,label");
      }
      return records;
    } catch (CsvParseException malformed) {
      throw new DataSetException(
          file.toString(), "is no CSV: " + malformed.getMessage(), malformed);
    }
  }

  /** Without its byte order mark. Text in another encoding is refused: nothing is replaced. */
  private static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream input = Files.newInputStream(file)) {
      bytes = input.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new DataSetException(
          file.toString(),
          "has more than %d bytes, expected a CSV file of at most so many".formatted(MAX_BYTES));
    }
    Charset encoding = encoding(bytes);
    try {
      String text = encoding.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new DataSetException(
            file.toString(),
            "holds a NUL character, which no text has; if it is UTF-16, save it as UTF-8 or with a"
                + " byte order mark");
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException malformed) {
      throw new DataSetException(
          file.toString(),
          "is not %s, expected a CSV file in UTF-8, or UTF-16 with a byte order mark"
              .formatted(encoding),
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
