package io.github.tornadovit.benchmarks.report;

import java.util.List;

/** Bars made of parts; each part has its number in the bar, which the list below explains. */
final class StackedBars {
  private static final int WIDTH = 480;
  private static final int RIGHT = 14;
  private static final int LEFT = 6;
  private static final int LINE = 18;

  private StackedBars() {}

  /** A part. */
  record Part(String name, double value) {}

  /** A bar. */
  record Bar(String name, List<Part> parts) {
    Bar {
      parts = List.copyOf(parts);
    }

    double total() {
      return parts.stream().mapToDouble(Part::value).sum();
    }
  }

  static Svg draw(List<Bar> bars, String unit) {
    double largest = bars.stream().mapToDouble(Bar::total).max().orElse(1);
    List<Double> ticks = Axis.linear(largest);
    double scale = (WIDTH - LEFT - RIGHT) / ticks.getLast();
    int bottom = 6;
    for (Bar bar : bars) {
      bottom += height(bar);
    }
    Svg svg = new Svg(WIDTH, bottom + 46);
    int y = 6;
    for (Bar bar : bars) {
      svg.text(LEFT, y + 13, "start", "group", bar.name() + ": " + Cell.three(bar.total()));
      double x = LEFT;
      for (int i = 0; i < bar.parts().size(); i++) {
        double width = bar.parts().get(i).value() * scale;
        svg.rectangle(x, y + 20, width, 22, "part part" + i % 2);
        if (width >= 12) {
          svg.text(x + width / 2, y + 36, "middle", "inside", Integer.toString(i + 1));
        }
        x += width;
      }
      for (int i = 0; i < bar.parts().size(); i++) {
        Part part = bar.parts().get(i);
        svg.text(
            LEFT + (i % 2) * (WIDTH / 2.0),
            y + 60 + (i / 2) * LINE,
            "start",
            "label",
            "%d %s: %s".formatted(i + 1, part.name(), Cell.three(part.value())));
      }
      y += height(bar);
    }
    for (double tick : ticks) {
      double x = LEFT + tick * scale;
      svg.line(x, bottom, x, bottom + 5, "axis");
      svg.text(
          x,
          bottom + 19,
          tick == 0 ? "start" : x > WIDTH - 40 ? "end" : "middle",
          "tick",
          Axis.label(tick));
    }
    svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, "axis");
    return svg.text(WIDTH / 2.0, bottom + 40, "middle", "unit", unit);
  }

  private static int height(Bar bar) {
    return 56 + (bar.parts().size() + 1) / 2 * LINE + 10;
  }
}
