package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A CSV file with the path and the label of an image in each line. */
final class LabelledCsv {
  /** A class id as pandas writes it where a label is missing somewhere. */
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9})\\.0+");

  private final CsvFile csv;
  private final CsvColumns columns;

  private LabelledCsv(Path file) throws IOException {
    csv = CsvFile.read(file);
    columns = CsvColumns.of(csv);
  }

  static List<LabelledImage> read(Path file, LabelIds ids) throws IOException {
    LabelledCsv table = new LabelledCsv(file);
    return table.lines().stream().map(line -> table.image(line, ids)).toList();
  }

  /** The label of each line. */
  static List<String> labels(Path file) throws IOException {
    LabelledCsv table = new LabelledCsv(file);
    return table.lines().stream().map(table::label).toList();
  }

  /** Whether a file has a header that names a column of paths and one of labels. */
  static boolean hasHeader(Path file) throws IOException {
    return CsvColumns.isHeader(CsvFile.read(file).records().getFirst());
  }

  /** The lines but for a header; at least one. */
  private List<CsvRecord> lines() {
    List<CsvRecord> records = csv.records();
    List<CsvRecord> lines = columns.header() ? records.subList(1, records.size()) : records;
    if (lines.isEmpty()) {
      throw new DataSetException(csv.file().toString(), "holds no line of path,label");
    }
    return lines;
  }

  private LabelledImage image(CsvRecord line, LabelIds ids) {
    columns.require(csv, line);
    String path = line.getField(columns.path());
    if (path.isBlank()) {
      throw new DataSetException(csv.where(line), "has no path");
    }
    String label = label(line);
    Matcher whole = WHOLE.matcher(label);
    int id =
        ids.require(
            whole.matches() && !ids.isName(label) ? whole.group(1) : label, csv.where(line));
    try {
      return new LabelledImage(resolve(path), id);
    } catch (InvalidPathException invalid) {
      throw new DataSetException(csv.where(line), "'%s' is not a path".formatted(path), invalid);
    }
  }

  /**
   * From the file's folder. Where there is no such file, blanks around the name and backslashes as
   * on Windows are not part of it.
   */
  private Path resolve(String text) {
    Path path = PathNames.sibling(csv.file(), text);
    String portable = text.strip().replace('\\', File.separatorChar);
    return portable.equals(text) || Files.exists(path)
        ? path
        : PathNames.sibling(csv.file(), portable);
  }

  private String label(CsvRecord line) {
    columns.require(csv, line);
    String label = line.getField(columns.label()).strip();
    if (label.isEmpty()) {
      throw new DataSetException(csv.where(line), "has no label");
    }
    return label;
  }
}
