package io.github.tornadovit.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bars from zero, each with its name and number, in groups. */
final class BarChart {
  private static final int WIDTH = 480;
  private static final int RIGHT = 14;
  private static final int LEFT = 6;
  private static final int ROW = 36;

  private BarChart() {}

  /**
   * A bar.
   *
   * @param low end of the whisker
   * @param high other end of the whisker
   * @param style of the bar; its name says what it is, so it may be the same for several
   */
  record Bar(String name, double value, double low, double high, String style) {}

  /** Bars under a heading. */
  record Group(String name, List<Bar> bars) {
    Group {
      bars = List.copyOf(bars);
    }
  }

  /** A line across all bars. */
  record Mark(String name, double value) {}

  static Svg draw(List<Group> groups, String unit, @Nullable Mark mark) {
    double largest = mark == null ? 0 : mark.value();
    int rows = 0;
    for (Group group : groups) {
      rows += group.bars().size();
      for (Bar bar : group.bars()) {
        largest = Math.max(largest, bar.high());
      }
    }
    List<Double> ticks = Axis.linear(largest);
    double scale = (WIDTH - LEFT - RIGHT) / ticks.getLast();
    int top = mark == null ? 6 : 26;
    int bottom = top + groups.size() * 26 + rows * ROW;
    Svg svg = new Svg(WIDTH, bottom + 46);
    for (double tick : ticks) {
      double x = LEFT + tick * scale;
      svg.line(x, top, x, bottom, "grid");
      svg.text(
          x,
          bottom + 17,
          tick == 0 ? "start" : x > WIDTH - 40 ? "end" : "middle",
          "tick",
          Axis.label(tick));
    }
    if (mark != null) {
      double x = LEFT + mark.value() * scale;
      svg.line(x, top - 4, x, bottom, "mark");
      svg.text(x, top - 9, x > WIDTH / 2.0 ? "end" : "start", "label", mark.name());
    }
    int y = top;
    for (Group group : groups) {
      svg.text(LEFT + 5, y + 18, "start", "group", group.name());
      y += 26;
      for (Bar bar : group.bars()) {
        double length = bar.value() * scale;
        svg.text(LEFT + 5, y + 11, "start", "label", bar.name() + ": " + Cell.three(bar.value()));
        svg.rectangle(LEFT, y + 16, length, 13, "bar " + bar.style());
        double low = LEFT + bar.low() * scale;
        double high = LEFT + bar.high() * scale;
        svg.line(low, y + 22.5, high, y + 22.5, "whisker");
        svg.line(low, y + 19, low, y + 26, "whisker");
        svg.line(high, y + 19, high, y + 26, "whisker");
        y += ROW;
      }
    }
    svg.line(LEFT, top, LEFT, bottom, "axis");
    return svg.text(WIDTH / 2.0, bottom + 38, "middle", "unit", unit);
  }
}
