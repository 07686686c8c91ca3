package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.ErrorText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Rows of text in columns as wide as their widest cell; the last cell of a row does not widen. */
final class Table {
  private Table() {}

  /** A number as tables show it, in any locale. */
  static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  static void print(List<List<String>> cells, PrintWriter out) {
    List<List<String>> rows =
        cells.stream().map(row -> row.stream().map(ErrorText::visible).toList()).toList();
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size() - 1; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell);
        if (column < row.size() - 1) {
          line.append(" ".repeat(widths[column] - cell.length() + 2));
        }
      }
      out.println(line);
    }
    out.flush();
  }
}
