package io.github.tornadovit.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines over runs, told apart by the shape of their marks. */
final class TrendChart {
  private static final int WIDTH = 480;
  private static final int PLOT = 220;
  private static final int LEFT = 52;
  private static final int RIGHT = 16;
  private static final int TOP = 28;
  private static final int LINE = 20;

  private TrendChart() {}

  /**
   * A line.
   *
   * @param values one per run, null where it did not take part
   */
  record Line(String name, List<@Nullable Double> values) {}

  /**
   * Draws.
   *
   * @param runs their names, oldest first, two or more
   */
  static Svg draw(List<String> runs, List<Line> lines, String unit) {
    double largest = 0;
    for (Line line : lines) {
      for (Double value : line.values()) {
        largest = Math.max(largest, value == null ? 0 : value);
      }
    }
    List<Double> ticks = Axis.linear(largest);
    int bottom = TOP + PLOT;
    Svg svg = new Svg(WIDTH, bottom + 48 + lines.size() * LINE);
    for (double tick : ticks) {
      double y = bottom - PLOT * tick / ticks.getLast();
      svg.line(LEFT, y, WIDTH - RIGHT, y, "grid");
      svg.text(LEFT - 6, y + 4, "end", "tick", Axis.label(tick));
    }
    svg.line(LEFT, TOP, LEFT, bottom, "axis");
    svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, "axis");
    svg.text(LEFT, bottom + 17, "start", "tick", runs.getFirst());
    svg.text(WIDTH - RIGHT, bottom + 17, "end", "tick", runs.getLast());
    svg.text(LEFT - 46, 15, "start", "unit", unit);
    double step = (WIDTH - LEFT - RIGHT - 12.0) / (runs.size() - 1);
    for (int i = 0; i < lines.size(); i++) {
      double fromX = Double.NaN;
      double fromY = Double.NaN;
      for (int run = 0; run < runs.size(); run++) {
        Double value = lines.get(i).values().get(run);
        if (value != null) {
          double x = LEFT + 6 + run * step;
          double y = bottom - PLOT * value / ticks.getLast();
          if (!Double.isNaN(fromX)) {
            svg.line(fromX, fromY, x, y, "trend dash" + i % 4);
          }
          svg.mark(x, y, i, "point fill" + i / 4 % 2);
          fromX = x;
          fromY = y;
        }
      }
      double y = bottom + 40 + i * LINE;
      svg.mark(LEFT + 4, y - 4, i, "point fill" + i / 4 % 2);
      svg.text(LEFT + 16, y, "start", "label", lines.get(i).name());
    }
    return svg;
  }
}
