package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The records of a CSV file as people have them: UTF-8, or UTF-16 with a byte order mark, and
 * fields separated by commas, semicolons, tabs or bars, or by what the first line says, {@code
 * sep=;}.
 *
 * @param separator as it was found
 * @param records at least one; empty lines are left out
 */
record CsvFile(Path file, char separator, List<CsvRecord> records) {
  /** The first line by which Excel is told the separator, {@code sep=;}. */
  private static final Pattern TOLD = Pattern.compile("(?i)\\A\"?sep=(.?)\"?(?=\\R|\\z)");

  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');

  /** Records that tell the separator. */
  private static final int SAMPLE = 100;

  /**
   * Reads a file. The separator is what the first line says, else the first of comma, semicolon,
   * tab and bar that makes a header of the first line or, where none does, two fields of each of
   * the first lines; else the comma.
   *
   * @throws DataSetException if it is no text, no CSV or holds nothing
   */
  static CsvFile read(Path file) throws IOException {
    String text = TextFile.read(file);
    Matcher told = TOLD.matcher(text);
    if (told.find()) {
      // Its end stays, so that lines keep their numbers.
      text = text.substring(told.end());
      if (!told.group(1).isEmpty()) {
        char separator = told.group(1).charAt(0);
        if (separator == '"') {
          throw new DataSetException(
              file + ", line 1", "says sep=\", and a quote does not separate fields");
        }
        return new CsvFile(file, separator, records(file, text, separator));
      }
    }
    for (char separator : SEPARATORS) {
      if (text.indexOf(separator) >= 0
          && sample(text, separator, 1).stream()
              .anyMatch(line -> ColumnNames.known(line.getFields()))) {
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
      case ',' -> "commas";
      default -> "'" + separator + "'";
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
}
