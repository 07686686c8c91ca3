package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of {@code path,label}; empty lines are skipped. */
final class LabelledCsv {
  /** Two million lines of the usual length; what is larger is most likely no CSV. */
  private static final int MAX_BYTES = 128 << 20;

  private LabelledCsv() {}

  static List<LabelledImage> read(Path file, LabelIds ids) throws IOException {
    List<LabelledImage> images = new ArrayList<>();
    for (CsvRecord line : lines(file)) {
      images.add(image(file, line, ids));
    }
    return List.copyOf(images);
  }

  /** The label of each line. */
  static List<String> labels(Path file) throws IOException {
    List<String> labels = new ArrayList<>();
    for (CsvRecord line : lines(file)) {
      requireTwoFields(file, line);
      labels.add(label(line));
    }
    return labels;
  }

  /** The lines but for a header; at least one. */
  private static List<CsvRecord> lines(Path file) throws IOException {
    List<CsvRecord> lines = records(file);
    List<CsvRecord> images =
        !lines.isEmpty() && isHeader(lines.getFirst()) ? lines.subList(1, lines.size()) : lines;
    if (images.isEmpty()) {
      throw new DataSetException(file.toString(), "holds no line of path,label");
    }
    return images;
  }

  private static List<CsvRecord> records(Path file) throws IOException {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(new StringReader(withoutMark(text(file))))) {
      return reader.stream().toList();
    } catch (CharacterCodingException malformed) {
      throw new DataSetException(file.toString(), "is not UTF-8, expected a CSV file", malformed);
    } catch (CsvParseException malformed) {
      throw new DataSetException(
          file.toString(), "is no CSV: " + malformed.getMessage(), malformed);
    }
  }

  /** Text in another encoding is refused and not read with replacements. */
  private static String text(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new DataSetException(
            file.toString(),
            "has more than %d bytes, expected a CSV file of at most so many".formatted(MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  /** Without the byte order mark that spreadsheets write. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean isHeader(CsvRecord line) {
    return line.getFieldCount() == 2
        && line.getField(0).strip().equalsIgnoreCase("path")
        && line.getField(1).strip().equalsIgnoreCase("label");
  }

  private static LabelledImage image(Path file, CsvRecord line, LabelIds ids) {
    requireTwoFields(file, line);
    String where = where(file, line);
    String path = line.getField(0);
    if (path.isBlank()) {
      throw new DataSetException(where, "has no path, expected path,label");
    }
    try {
      return new LabelledImage(file.resolveSibling(path), ids.require(label(line), where));
    } catch (InvalidPathException invalid) {
      throw new DataSetException(where, "'%s' is not a path".formatted(path), invalid);
    }
  }

  private static void requireTwoFields(Path file, CsvRecord line) {
    if (line.getFieldCount() != 2) {
      throw new DataSetException(
          where(file, line),
          "has %d fields, expected 2: path,label".formatted(line.getFieldCount()));
    }
  }

  private static String label(CsvRecord line) {
    return line.getField(1).strip();
  }

  private static String where(Path file, CsvRecord line) {
    return file + ", line " + line.getStartingLineNumber();
  }
}
