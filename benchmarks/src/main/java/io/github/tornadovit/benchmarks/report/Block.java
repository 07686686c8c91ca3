package io.github.tornadovit.benchmarks.report;

import java.util.List;

/** A part of a page, in plain text: whoever writes it escapes it. */
sealed interface Block {
  /** A heading; level 1 is the page's. */
  record Heading(int level, String text) implements Block {}

  /** A paragraph. */
  record Paragraph(String text) implements Block {}

  /** Sentences side by side. */
  record Points(List<String> points) implements Block {}

  /** A table. */
  record Table(String id, String caption, List<String> columns, List<List<Cell>> rows)
      implements Block {
    /** Copies the lists. */
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A picture of numbers that a table holds too.
   *
   * @param description for those who do not see it
   */
  record Figure(String caption, String description, Svg picture) implements Block {}
}
