package io.github.tornadovit.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/** Writes blocks as Markdown. Pictures are left out: tables hold their numbers. */
final class MarkdownPage {
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
          "#".repeat(heading.level()) + " " + Markup.markdown(heading.text()) + "\n";
      case Block.Paragraph paragraph -> Markup.markdown(paragraph.text()) + "\n";
      case Block.Points points ->
          points.points().stream()
              .map(point -> "- " + Markup.markdown(point) + "\n")
              .collect(Collectors.joining());
      case Block.Table table -> table(table);
      case Block.Figure figure -> "";
    };
  }

  private static String table(Block.Table table) {
    StringBuilder text = new StringBuilder("**" + Markup.markdown(table.caption()) + "**\n\n");
    text.append(line(table.columns()));
    List<Cell> first = table.rows().isEmpty() ? List.of() : table.rows().getFirst();
    text.append('|');
    for (int column = 0; column < table.columns().size(); column++) {
      boolean number = column < first.size() && first.get(column).number();
      text.append(number ? " ---: |" : " --- |");
    }
    text.append('\n');
    for (List<Cell> row : table.rows()) {
      text.append(line(row.stream().map(Cell::text).toList()));
    }
    return text.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(Markup::markdown).collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
