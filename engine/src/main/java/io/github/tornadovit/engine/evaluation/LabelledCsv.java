package io.github.tornadovit.engine.evaluation;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A CSV file with the path and the label of an image in each line. */
final class LabelledCsv {
  private LabelledCsv() {}

  /** The lines but for a header; at least one. */
  static List<LabelledRow> rows(Path file) throws IOException {
    CsvFile csv = CsvFile.read(file);
    CsvColumns columns = CsvColumns.of(csv);
    List<CsvRecord> records = csv.records();
    List<CsvRecord> lines = columns.header() ? records.subList(1, records.size()) : records;
    if (lines.isEmpty()) {
      throw new DataSetException(csv.file().toString(), "holds no line of path,label");
    }
    return lines.stream().map(line -> row(csv, columns, line)).toList();
  }

  /** Whether a file has a header that names a column of paths and one of labels. */
  static boolean hasHeader(Path file) throws IOException {
    return ColumnNames.known(CsvFile.read(file).records().getFirst().getFields());
  }

  private static LabelledRow row(CsvFile csv, CsvColumns columns, CsvRecord line) {
    columns.require(csv, line);
    return LabelledRow.of(
        csv.where(line), line.getField(columns.path()), line.getField(columns.label()));
  }
}
