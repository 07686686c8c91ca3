package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns of a CSV file that hold the path and the label: those that its header names, or the
 * only two.
 *
 * @param header whether the first line is one
 * @param count fields of a line
 */
record CsvColumns(boolean header, int path, int label, int count) {
  private static final CsvColumns TWO = new CsvColumns(false, 0, 1, 2);

  /**
   * The columns of a file.
   *
   * @throws DataSetException if its first line looks like a header and does not name both columns,
   *     or the label comes before the path and no header says so
   */
  static CsvColumns of(CsvFile csv) {
    List<CsvRecord> records = csv.records();
    CsvRecord first = records.getFirst();
    List<String> names = first.getFields();
    int path = ColumnNames.path(names);
    int label = ColumnNames.label(names);
    if (path >= 0 && label >= 0) {
      return new CsvColumns(true, path, label, names.size());
    }
    boolean namesFile = names.stream().anyMatch(CsvColumns::isFileName);
    if ((path >= 0 || label >= 0) && !namesFile) {
      throw unknown(csv, first, path < 0 ? "paths" : "labels");
    }
    if (names.size() != 2) {
      return TWO;
    }
    boolean headless = namesFile || isFile(csv, first, 0) || isFile(csv, first, 1);
    boolean second = !headless && records.size() > 1;
    CsvRecord data = records.get(second ? 1 : 0);
    if (data.getFieldCount() == 2 && !isFile(csv, data, 0) && isFile(csv, data, 1)) {
      throw !second
          ? new DataSetException(
              csv.where(first),
              "'%s' is a file and '%s' before it is none; expected the path first and then the label,"
                      .formatted(
                          LabelIds.shown(first.getField(1)), LabelIds.shown(first.getField(0)))
                  + " or a header that names the columns: "
                  + ColumnNames.SOME)
          : unknown(csv, first, "paths");
    }
    return !headless && isHeaderByData(csv) ? new CsvColumns(true, 0, 1, 2) : TWO;
  }

  /**
   * Whether two names that nobody knows are a header: they name no file and the next line does, and
   * no other line has that label.
   */
  private static boolean isHeaderByData(CsvFile csv) {
    List<CsvRecord> others = csv.records().subList(1, csv.records().size());
    String label = csv.records().getFirst().getField(1).strip();
    return !others.isEmpty()
        && (isFile(csv, others.getFirst(), 0) || isFileName(others.getFirst().getField(0)))
        && others.stream()
            .noneMatch(line -> line.getFieldCount() > 1 && line.getField(1).strip().equals(label));
  }

  private static boolean isFileName(String field) {
    return field.indexOf('.') > 0;
  }

  private static boolean isFile(CsvFile csv, CsvRecord line, int column) {
    try {
      return column < line.getFieldCount()
          && Files.isRegularFile(LabelledRow.resolve(csv.file(), line.getField(column)));
    } catch (InvalidPathException none) {
      return false;
    }
  }

  private static DataSetException unknown(CsvFile csv, CsvRecord first, String which) {
    return new DataSetException(
        csv.where(first),
        "has the columns %s, separated by %s, and none of them is known as that of the %s; expected %s"
            .formatted(
                ColumnNames.quoted(first.getFields()),
                csv.separatorName(),
                which,
                ColumnNames.SOME));
  }

  /** Refuses a line of other columns; empty ones at its end, as spreadsheets leave, are none. */
  void require(CsvFile csv, CsvRecord line) {
    int fields = line.getFieldCount();
    boolean blankRest =
        IntStream.range(Math.min(count, fields), fields).allMatch(i -> line.getField(i).isBlank());
    if (fields >= count && blankRest) {
      return;
    }
    if (line.getFields().stream().anyMatch(field -> field.indexOf('\n') >= 0)) {
      throw new DataSetException(
          csv.where(line),
          "has a field of several lines and too few or too many others; is a quote not closed?");
    }
    throw new DataSetException(
        csv.where(line),
        header
            ? "has %d fields separated by %s, and the header %d; a field that holds the separator is written in quotes"
                .formatted(fields, csv.separatorName(), count)
            : "has %d fields separated by %s, expected 2, path and label, or a header with %s; the fields are %s"
                .formatted(
                    fields,
                    csv.separatorName(),
                    ColumnNames.SOME,
                    ColumnNames.quoted(line.getFields())));
  }
}
