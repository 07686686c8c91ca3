package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Kernels under the roof of a machine: rate against arithmetic intensity, both logarithmic
 * (Williams et al. 2009).
 */
final class Roofline {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 380;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 28;
  private static final int BOTTOM = 48;

  /** Room that a number takes to either side, and up and down. */
  private static final double WIDE = 13;

  private static final double HIGH = 11;

  /** Where a number may stand, from its mark: the nearest first. */
  private static final double[][] BESIDE = {
    {14, 0},
    {0, -13},
    {0, 14},
    {-14, 0},
    {15, -12},
    {15, 13},
    {-15, -12},
    {-15, 13},
    {0, -26},
    {0, 27},
    {28, 0},
    {-28, 0}
  };

  private Roofline() {}

  /** A kernel, by its number in the table. */
  record Point(int number, double intensity, double gigaflops) {}

  static Svg draw(List<Point> points, Result.Peak peak) {
    double ridge = peak.gigaflops() / peak.gigabytesPerSecond();
    double fewest = points.stream().mapToDouble(Point::intensity).min().orElse(1);
    double most = points.stream().mapToDouble(Point::intensity).max().orElse(1);
    double slowest = points.stream().mapToDouble(Point::gigaflops).min().orElse(1);
    double fastest = points.stream().mapToDouble(Point::gigaflops).max().orElse(1);
    List<Double> x = Axis.decades(Math.min(fewest, ridge / 2), Math.max(most, ridge * 2));
    List<Double> y = Axis.decades(slowest, Math.max(fastest, peak.gigaflops()) * 1.1);
    Svg svg = new Svg(WIDTH, HEIGHT);
    for (double tick : x) {
      svg.line(across(tick, x), TOP, across(tick, x), HEIGHT - BOTTOM, "grid");
      svg.text(across(tick, x), HEIGHT - BOTTOM + 17, "middle", "tick", Axis.label(tick));
    }
    for (double tick : y) {
      svg.line(LEFT, up(tick, y), WIDTH - RIGHT, up(tick, y), "grid");
      svg.text(LEFT - 6, up(tick, y) + 4, "end", "tick", Axis.label(tick));
    }
    svg.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "axis");
    svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis");
    roof(svg, peak, ridge, x, y);
    List<double[]> marks =
        points.stream()
            .map(point -> new double[] {across(point.intensity(), x), up(point.gigaflops(), y)})
            .toList();
    marks.forEach(mark -> svg.circle(mark[0], mark[1], 4, "point"));
    List<double[]> taken = new ArrayList<>(marks);
    for (int i = 0; i < marks.size(); i++) {
      number(svg, points.get(i).number(), marks.get(i), taken);
    }
    svg.text(LEFT - 46, 15, "start", "unit", "GFLOP/s");
    return svg.text(
        (LEFT + WIDTH) / 2.0, HEIGHT - 8, "middle", "unit", "arithmetic intensity, FLOP per byte");
  }

  private static void roof(
      Svg svg, Result.Peak peak, double ridge, List<Double> x, List<Double> y) {
    // The slope begins where it enters the picture, at the left or at the bottom.
    double first = Math.max(x.getFirst(), y.getFirst() / peak.gigabytesPerSecond());
    svg.line(
        across(first, x),
        up(peak.roof(first), y),
        across(ridge, x),
        up(peak.gigaflops(), y),
        "roof");
    svg.line(
        across(ridge, x), up(peak.gigaflops(), y), WIDTH - RIGHT, up(peak.gigaflops(), y), "roof");
    svg.text(
        LEFT + 8,
        TOP + 14,
        "start",
        "label",
        "flat: FMA peak %s GFLOP/s".formatted(Cell.three(peak.gigaflops())));
    svg.text(
        LEFT + 8,
        TOP + 31,
        "start",
        "label",
        "slope: memory %s GB/s".formatted(Cell.three(peak.gigabytesPerSecond())));
  }

  /** The number beside its mark, where it covers no other mark and no other number. */
  private static void number(Svg svg, int number, double[] mark, List<double[]> taken) {
    double[] best = {mark[0] + BESIDE[0][0], mark[1] + BESIDE[0][1]};
    for (double[] beside : BESIDE) {
      double[] place = {mark[0] + beside[0], mark[1] + beside[1]};
      if (place[0] < WIDTH - 8
          && taken.stream()
              .allMatch(
                  other ->
                      Math.abs(other[0] - place[0]) > WIDE
                          || Math.abs(other[1] - place[1]) > HIGH)) {
        best = place;
        break;
      }
    }
    taken.add(best);
    svg.text(best[0], best[1] + 4, "middle", "label strong", Integer.toString(number));
  }

  private static double across(double value, List<Double> ticks) {
    return LEFT + (WIDTH - LEFT - RIGHT) * part(value, ticks);
  }

  private static double up(double value, List<Double> ticks) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part(value, ticks);
  }

  private static double part(double value, List<Double> ticks) {
    double first = Math.log(ticks.getFirst());
    return Math.clamp((Math.log(value) - first) / (Math.log(ticks.getLast()) - first), 0, 1);
  }
}
