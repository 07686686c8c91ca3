package io.github.tornadovit.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes blocks as one HTML file that needs no other; it is well-formed XML, too. */
final class HtmlPage {
  private HtmlPage() {}

  static String write(String title, List<Block> blocks) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        </body>
        </html>
        """
        .formatted(
            Markup.html(title),
            style(),
            blocks.stream().map(HtmlPage::write).collect(Collectors.joining()));
  }

  private static String style() {
    try (InputStream style =
        Objects.requireNonNull(HtmlPage.class.getResourceAsStream("report.css"), "report.css")) {
      return new String(style.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String write(Block block) {
    return switch (block) {
      case Block.Heading heading ->
          "<h%d>%s</h%d>\n"
              .formatted(heading.level(), Markup.html(heading.text()), heading.level());
      case Block.Paragraph paragraph -> "<p>" + Markup.html(paragraph.text()) + "</p>\n";
      case Block.Points points ->
          points.points().stream()
              .map(point -> "<li>" + Markup.html(point) + "</li>\n")
              .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
      case Block.Table table -> table(table);
      case Block.Figure figure ->
          "<figure>\n%s<figcaption>%s</figcaption>\n</figure>\n"
              .formatted(
                  figure.picture().element(figure.description()), Markup.html(figure.caption()));
    };
  }

  private static String table(Block.Table table) {
    StringBuilder text =
        new StringBuilder("<p class=\"caption\">")
            .append(Markup.html(table.caption()))
            .append("</p>\n<div class=\"wide\" tabindex=\"0\">\n<table id=\"")
            .append(Markup.html(table.id()))
            .append("\" aria-label=\"")
            .append(Markup.html(table.caption()))
            .append("\">\n<thead><tr>");
    List<Cell> first = table.rows().isEmpty() ? List.of() : table.rows().getFirst();
    for (int column = 0; column < table.columns().size(); column++) {
      boolean number = column < first.size() && first.get(column).number();
      text.append(number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">")
          .append(Markup.html(table.columns().get(column)))
          .append("</th>");
    }
    text.append("</tr></thead>\n<tbody>\n");
    for (List<Cell> row : table.rows()) {
      text.append("<tr>");
      for (Cell cell : row) {
        text.append(cell.number() ? "<td class=\"number\">" : "<td>")
            .append(Markup.html(cell.text()))
            .append("</td>");
      }
      text.append("</tr>\n");
    }
    return text.append("</tbody>\n</table>\n</div>\n").toString();
  }
}
