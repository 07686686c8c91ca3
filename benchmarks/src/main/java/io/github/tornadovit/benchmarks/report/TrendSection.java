package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A checkpoint's rates over the runs of one machine. */
final class TrendSection {
  private TrendSection() {}

  static List<Block> of(Result result, Result.Model model, List<History.Entry> history) {
    if (model.batches().isEmpty()) {
      return List.of();
    }
    int batch = Collections.max(model.batches());
    List<History.Entry> runs =
        history.stream()
            .filter(entry -> entry.machine().equals(result.machine()))
            .filter(entry -> entry.rates().stream().anyMatch(rate -> fits(rate, model, batch)))
            .toList();
    if (runs.size() < 2) {
      return List.of();
    }
    Set<String> engines = new LinkedHashSet<>();
    for (History.Entry run : runs) {
      run.rates().stream()
          .filter(rate -> fits(rate, model, batch))
          .forEach(rate -> engines.add(rate.engine()));
    }
    List<String> columns = new ArrayList<>(List.of("date", "commit"));
    columns.addAll(engines);
    List<List<Cell>> rows = new ArrayList<>();
    for (History.Entry run : runs) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(run.date()), Cell.of(run.commit())));
      for (String engine : engines) {
        Double value = rate(run, model, batch, engine);
        row.add(new Cell(value == null ? "-" : Cell.three(value), true));
      }
      rows.add(row);
    }
    return List.of(
        new Block.Heading(3, "Trend"),
        new Block.Figure(
            "trend",
            result.models().indexOf(model),
            Integer.toString(batch),
            "Images per second of %d runs on this machine, forward with copies, batch %d."
                .formatted(runs.size(), batch)),
        new Block.Table(
            "model" + result.models().indexOf(model) + "-trend",
            "Images per second, forward with copies, batch " + batch,
            columns,
            rows));
  }

  private static boolean fits(History.Rate rate, Result.Model model, int batch) {
    return rate.mode() == Mode.FORWARD
        && rate.batch() == batch
        && rate.model().equals(model.name());
  }

  private static @Nullable Double rate(
      History.Entry run, Result.Model model, int batch, String engine) {
    return run.rates().stream()
        .filter(rate -> fits(rate, model, batch) && rate.engine().equals(engine))
        .map(History.Rate::imagesPerSecond)
        .findFirst()
        .orElse(null);
  }
}
