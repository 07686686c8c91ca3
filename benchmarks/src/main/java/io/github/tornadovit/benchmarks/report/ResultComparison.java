package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.peers.Turn;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two results side by side, what is in both engine by engine.
 *
 * <p>The noise of a measurement is half the range of its rounds, as a part of their median. B is
 * slower than A if its median time is longer by more than the noise of A and the noise of B
 * together; faster likewise. B is less accurate if its answers differ from those of our CPU backend
 * where A's did not, if fewer images have the same best class, or if the largest difference of a
 * logit is more than twice A's and {@value #SAME} on top.
 */
record ResultComparison(Result a, Result b, List<Change> changes, List<String> onlyInOne) {
  private static final double SAME = 1e-5;

  /** The verdict on the speed. */
  enum Speed {
    SAME("within noise"),
    SLOWER("SLOWER"),
    FASTER("faster");

    private final String label;

    Speed(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * An engine in a mode at a batch size, in both.
   *
   * @param change of the time, as a part of A's; above 0 is slower
   * @param noise of both
   */
  record Change(
      String model,
      String engine,
      Mode mode,
      int batch,
      Result.Row rowA,
      Result.Row rowB,
      double change,
      double noise,
      Speed speed,
      boolean lessAccurate) {
    boolean flagged() {
      return speed == Speed.SLOWER || lessAccurate;
    }
  }

  static ResultComparison of(Result a, Result b) {
    List<Change> changes = new ArrayList<>();
    List<String> onlyInOne = new ArrayList<>();
    for (Result.Model model : a.models()) {
      for (Result.Row row : model.rows()) {
        Optional<Result.Row> other = find(b, model, row);
        if (other.isPresent()) {
          changes.add(change(model, row, other.get()));
        } else {
          onlyInOne.add("only in A: " + words(model, row));
        }
      }
    }
    for (Result.Model model : b.models()) {
      for (Result.Row row : model.rows()) {
        if (find(a, model, row).isEmpty()) {
          onlyInOne.add("only in B: " + words(model, row));
        }
      }
    }
    return new ResultComparison(a, b, changes, onlyInOne);
  }

  private static Optional<Result.Row> find(Result in, Result.Model model, Result.Row row) {
    return in.models().stream()
        .filter(one -> one.name().equals(model.name()))
        .flatMap(one -> one.row(row.engine(), row.mode(), row.batch()).stream())
        .findFirst();
  }

  private static String words(Result.Model model, Result.Row row) {
    return "%s, %s, %s, batch %d"
        .formatted(model.name(), label(model, row), row.mode().label(), row.batch());
  }

  private static String label(Result.Model model, Result.Row row) {
    return model.engine(row.engine()).map(Result.Engine::label).orElse(row.engine());
  }

  private static Change change(Result.Model model, Result.Row a, Result.Row b) {
    double change = b.millis() / a.millis() - 1;
    double noise = a.noise() + b.noise();
    Speed speed = Math.abs(change) <= noise ? Speed.SAME : change > 0 ? Speed.SLOWER : Speed.FASTER;
    return new Change(
        model.name(),
        label(model, a),
        a.mode(),
        a.batch(),
        a,
        b,
        change,
        noise,
        speed,
        lessAccurate(a.agreement(), b.agreement()));
  }

  private static boolean lessAccurate(Agreement a, Agreement b) {
    return (a.equal() && !b.equal())
        || (double) b.sameTop() / b.images() < (double) a.sameTop() / a.images()
        || b.worstDifference() > 2 * a.worstDifference() + SAME;
  }

  List<Change> flagged() {
    return changes.stream().filter(Change::flagged).toList();
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Heading(1, "tornado-vit: two results compared"));
    blocks.add(
        new Block.Paragraph(
            "A: %s, commit %s. B: %s, commit %s."
                .formatted(a.date(), a.commit(), b.date(), b.commit())));
    if (!a.machine().equals(b.machine())) {
      blocks.add(
          new Block.Paragraph(
              "The machines differ, so nothing here is about the code: A ran on %s, B on %s."
                  .formatted(a.machine(), b.machine())));
    }
    int flags = flagged().size();
    blocks.add(
        new Block.Paragraph(
            flags == 0
                ? "Nothing became slower or less accurate beyond the noise."
                : "Flagged: %d of %d measurements.".formatted(flags, changes.size())));
    List<List<Cell>> rows = new ArrayList<>();
    for (Change change : changes) {
      rows.add(
          List.of(
              Cell.of(change.flagged() ? "!" : ""),
              Cell.of(change.model()),
              Cell.of(change.engine()),
              Cell.of(change.mode().label()),
              Cell.of(change.batch()),
              Cell.rounded(change.rowA().millis()),
              Cell.rounded(change.rowB().millis()),
              Cell.of("%+.1f %%", 100 * change.change()),
              Cell.of("± %.1f %%", 100 * change.noise()),
              Cell.of("%+.1f %%", 100 * (peak(change.rowB()) / peak(change.rowA()) - 1)),
              Cell.of(change.speed().label()),
              Cell.of("%.1e", change.rowA().agreement().worstDifference()),
              Cell.of("%.1e", change.rowB().agreement().worstDifference()),
              Cell.of(change.lessAccurate() ? "LESS ACCURATE" : "as accurate")));
    }
    blocks.add(
        new Block.Table(
            "changes",
            "Median ms per batch, and the largest difference of a logit to our CPU backend",
            List.of(
                "flag",
                "checkpoint",
                "engine",
                "mode",
                "batch",
                "A ms",
                "B ms",
                "change",
                "noise",
                "host's FMA peak",
                "speed",
                "A logit",
                "B logit",
                "accuracy"),
            rows));
    if (!onlyInOne.isEmpty()) {
      blocks.add(new Block.Points(onlyInOne));
    }
    blocks.add(new Block.Heading(2, "What is flagged"));
    blocks.add(
        new Block.Points(
            List.of(
                "The noise of a measurement is half the range of its rounds (slowest less fastest,"
                    + " divided by two), as a part of their median. The column noise is that of A"
                    + " plus that of B.",
                "Slower: B's median time is longer than A's by more than that sum. Faster"
                    + " likewise.",
                "The rounds of a run see the machine drift within that run only. The column host's"
                    + " FMA peak says how its speed changed from A to B, around the turns of that"
                    + " engine: a time that changed as much the other way is the machine's and not"
                    + " the code's.",
                "Less accurate: B's answers differ from our CPU backend's where A's did not, or"
                    + " fewer images have the same best class, or the largest difference of a logit"
                    + " is more than twice A's plus 1e-5.")));
    return blocks;
  }

  private static double peak(Result.Row row) {
    return Median.of(row.turns().stream().map(Turn::peakGigaflops).toList());
  }
}
