package io.github.tornadovit.benchmarks.report;

import java.util.Locale;

/** A picture of lines, rectangles, marks and text. The page's style sheet knows the classes. */
final class Svg {
  private final int width;
  private final int height;
  private final StringBuilder shapes = new StringBuilder();

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  int width() {
    return width;
  }

  Svg rectangle(double x, double y, double width, double height, String style) {
    return add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>",
        x, y, Math.max(width, 0), height, style);
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    return add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
        x1, y1, x2, y2, style);
  }

  Svg circle(double x, double y, double radius, String style) {
    return add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"%s\"/>", x, y, radius, style);
  }

  /** One of four marks, which differ in shape. */
  Svg mark(double x, double y, int shape, String style) {
    double r = 5;
    return switch (shape % 4) {
      case 0 -> circle(x, y, r, style);
      case 1 -> rectangle(x - r, y - r, 2 * r, 2 * r, style);
      case 2 ->
          add(
              "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fZ\" class=\"%s\"/>",
              x, y - r - 1, x + r + 1, y + r, x - r - 1, y + r, style);
      default ->
          add(
              "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ\" class=\"%s\"/>",
              x, y - r - 2, x + r + 2, y, x, y + r + 2, x - r - 2, y, style);
    };
  }

  /**
   * A line of text.
   *
   * @param anchor {@code start}, {@code middle} or {@code end}: what of it is at x
   */
  Svg text(double x, double y, String anchor, String style, String text) {
    return add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
        x, y, anchor, style, Markup.html(text));
  }

  private Svg add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  /** The element, with a description for those who do not see it. */
  String element(String description) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        %s</svg>
        """
        .formatted(width, height, Markup.html(description), shapes);
  }
}
