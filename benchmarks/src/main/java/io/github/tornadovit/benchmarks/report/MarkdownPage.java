package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes blocks as Markdown. Pictures are left out: tables hold their numbers. */
final class MarkdownPage {
  /** A cell that is longer widens no other. */
  private static final int WIDEST = 60;

  private MarkdownPage() {}

  static String write(List<Block> blocks) {
    return blocks.stream()
        .filter(block -> !(block instanceof Block.Figure))
        .map(MarkdownPage::write)
        .collect(Collectors.joining("\n"));
  }

  private static String write(Block block) {
    return switch (block) {
      case Block.Heading heading ->
          "#".repeat(heading.level()) + " " + Markdown.text(heading.text()) + "\n";
      case Block.Paragraph paragraph -> Markdown.text(paragraph.text()) + "\n";
      case Block.Points points ->
          points.points().stream()
              .map(point -> "- " + Markdown.text(point) + "\n")
              .collect(Collectors.joining());
      case Block.Table table -> table(table);
      case Block.Headline headline ->
          "## "
              + Markdown.text(headline.question())
              + "\n\n"
              + headline.choices().stream().map(MarkdownPage::choice).collect(Collectors.joining());
      case Block.Figure figure -> "";
    };
  }

  private static String choice(Block.Choice choice) {
    return "- %s: **%s**, %s (%s)%s\n"
        .formatted(
            Markdown.text(choice.what()),
            Markdown.text(choice.run()),
            Markdown.text(choice.figure()),
            Markdown.text(choice.why()),
            choice.command().isEmpty() ? "" : " `" + choice.command() + "`");
  }

  /** In columns of one width, so that a terminal shows a table, too. */
  private static String table(Block.Table table) {
    List<List<String>> lines = new ArrayList<>(List.of(escaped(table.columns().stream())));
    table.rows().forEach(row -> lines.add(escaped(row.stream().map(Cell::text))));
    int columns = table.columns().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.clamp(line.get(column).length(), widths[column], WIDEST);
      }
    }
    StringBuilder text = new StringBuilder("**" + Markdown.text(table.caption()) + "**\n\n");
    for (int row = 0; row < lines.size(); row++) {
      StringBuilder rule = new StringBuilder("|");
      for (int column = 0; column < columns; column++) {
        boolean number = !table.rows().isEmpty() && table.rows().getFirst().get(column).number();
        String cell = lines.get(row).get(column);
        String padding = " ".repeat(Math.max(0, widths[column] - cell.length()));
        text.append("| ").append(number ? padding + cell : cell + padding).append(' ');
        rule.append('-').append("-".repeat(widths[column])).append(number ? ":|" : "-|");
      }
      text.append("|\n");
      if (row == 0) {
        text.append(rule).append('\n');
      }
    }
    return text.toString();
  }

  private static List<String> escaped(Stream<String> cells) {
    return cells.map(Markdown::text).toList();
  }
}
