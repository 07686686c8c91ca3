package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which columns of a CSV file hold the path and the label: those that its header names, or the only
 * two.
 *
 * @param header whether the first line is one
 * @param count fields of a line
 */
record CsvColumns(boolean header, int path, int label, int count) {
  /** Names as they are compared, see {@link #simple}; the first that is there counts. */
  private static final List<String> PATHS =
      List.of(
          "filename",
          "filepath",
          "imagepath",
          "imgpath",
          "path",
          "imagefile",
          "imagename",
          "image",
          "img",
          "file",
          "imageid",
          "images",
          "files",
          "filenames",
          "paths");

  private static final List<String> LABELS =
      List.of(
          "label",
          "labels",
          "class",
          "classname",
          "target",
          "category",
          "labelname",
          "classid",
          "labelid",
          "classes",
          "targets");

  private static final String EXPECTED =
      "expected one of file_name, path, image, … and one of label, class, target, category, …";

  /** A line that names a column of paths and one of labels. */
  static boolean isHeader(CsvRecord line) {
    return find(line, PATHS) >= 0 && find(line, LABELS) >= 0;
  }

  /**
   * The columns of a file.
   *
   * @throws DataSetException if its first line looks like a header and does not name both columns
   */
  static CsvColumns of(CsvFile csv) {
    CsvRecord first = csv.records().getFirst();
    int path = find(first, PATHS);
    int label = find(first, LABELS);
    if (path >= 0 && label >= 0) {
      return new CsvColumns(true, path, label, first.getFieldCount());
    }
    boolean namesFile = first.getFields().stream().anyMatch(field -> field.indexOf('.') > 0);
    if ((path >= 0 || label >= 0) && !namesFile) {
      throw new DataSetException(
          csv.where(first),
          "has the columns %s, separated by %s, and none of them is known as that of the %s; %s"
              .formatted(
                  first.getFields().stream()
                      .map(field -> "'" + LabelIds.shown(field) + "'")
                      .collect(Collectors.joining(", ")),
                  csv.separatorName(),
                  path < 0 ? "paths" : "labels",
                  EXPECTED));
    }
    return new CsvColumns(false, 0, 1, 2);
  }

  /** The column of the first of the names that is there; -1 if none is, or it is there twice. */
  private static int find(CsvRecord line, List<String> names) {
    List<String> fields = line.getFields().stream().map(CsvColumns::simple).toList();
    return names.stream()
        .mapToInt(
            name -> fields.indexOf(name) == fields.lastIndexOf(name) ? fields.indexOf(name) : -1)
        .filter(column -> column >= 0)
        .findFirst()
        .orElse(-1);
  }

  /** Without what people write one way or another. */
  private static String simple(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace(" ", "").replace("_", "").replace("-", "");
  }

  /** Refuses a line of other columns; empty ones at its end, as spreadsheets leave, are none. */
  void require(CsvFile csv, CsvRecord line) {
    int fields = line.getFieldCount();
    boolean blankRest =
        IntStream.range(Math.min(count, fields), fields).allMatch(i -> line.getField(i).isBlank());
    if (fields >= count && blankRest) {
      return;
    }
    throw new DataSetException(
        csv.where(line),
        header
            ? "has %d fields separated by %s, and the header %d; a field that holds the separator is written in quotes"
                .formatted(fields, csv.separatorName(), count)
            : "has %d fields separated by %s, expected 2: path,label; or a header that names the columns: %s"
                .formatted(fields, csv.separatorName(), EXPECTED));
  }
}
