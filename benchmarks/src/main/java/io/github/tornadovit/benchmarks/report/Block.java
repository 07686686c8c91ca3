package io.github.tornadovit.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** A part of a page, in plain text: whoever writes it escapes it. */
sealed interface Block {
  /** The name by which the page's script knows it. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** A heading; level 1 is the page's. */
  record Heading(int level, String text) implements Block {}

  /** A paragraph. */
  record Paragraph(String text) implements Block {}

  /** Sentences side by side. */
  record Points(List<String> points) implements Block {}

  /** A question, and what the measurements answer. */
  record Headline(String question, List<Choice> choices) implements Block {}

  /**
   * An answer.
   *
   * @param what it is the best at
   * @param run what to run
   * @param figure that it reaches
   * @param why it is this one
   * @param command options of the command line that choose it; empty for what is not ours
   */
  record Choice(String what, String run, String figure, String why, String command) {}

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
   * A picture of numbers of the result, which a table holds too; the page's script draws it.
   *
   * @param chart which function of the script does
   * @param model number of the checkpoint
   * @param of mode, engine or batch size
   */
  record Figure(String chart, int model, String of, String caption) implements Block {}
}
