package io.github.tornadovit.benchmarks.peers;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.tornadovit.benchmarks.kernel.FmaPeak;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a comparison found, as a table for people and JSON for programs.
 *
 * @param model name of the checkpoint
 * @param flopsPerImage arithmetic of a forward pass, a multiply-add counted as two
 * @param conditions of the run: machine, versions, protocol
 * @param rows per batch size, an engine each
 */
record Report(String model, long flopsPerImage, Map<String, String> conditions, List<Row> rows) {
  private static final double MEBIBYTE = 1024 * 1024;

  /**
   * One engine at one batch size. All rates are medians over rounds.
   *
   * @param ratioToBestPeer how many times as fast as the fastest engine that is not ours, itself
   *     for that one; null if there is no other
   * @param fractionOfPeak of the machine's multiply-add peak around each turn
   * @param peakGigaflops median of those peaks
   * @param worstDifference of a logit, to ours
   * @param maxResidentBytes of the process so far; null where the system does not say
   * @param firstLabelMillis from the start of the process to the label of one image
   * @param othersShare the largest part of a processor that waiting engines used in a turn
   */
  record Row(
      String engine,
      String version,
      int batch,
      double millisPerBatch,
      double imagesPerSecond,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double ratioToBestPeer,
      double fractionOfPeak,
      double peakGigaflops,
      double worstDifference,
      @Nullable Long maxResidentBytes,
      double firstLabelMillis,
      double othersShare,
      List<Turn> turns) {}

  Report {
    rows = List.copyOf(rows);
  }

  /**
   * The rows of one batch size.
   *
   * @param series ours first
   * @param firstLabels milliseconds, in the order of the series
   */
  static List<Row> rows(List<Series> series, List<Double> firstLabels, long flopsPerImage) {
    Optional<Series> bestPeer =
        series.stream().skip(1).max(Comparator.comparingDouble(Series::imagesPerSecond));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      OptionalLong resident = one.maxResidentBytes();
      rows.add(
          new Row(
              one.engine(),
              one.version(),
              one.batch(),
              one.millis(),
              one.imagesPerSecond(),
              bestPeer.map(one::ratioTo).orElse(null),
              one.fractionOfPeak(flopsPerImage),
              one.median(Turn::peakGigaflops),
              one.agreement().worstDifference(),
              resident.isPresent() ? resident.getAsLong() : null,
              firstLabels.get(i),
              one.turns().stream().mapToDouble(Turn::othersShare).max().orElse(0),
              one.turns()));
    }
    return rows;
  }

  /** Conditions, then a line per row in aligned columns. */
  String table() {
    List<String[]> lines = new ArrayList<>();
    lines.add(
        new String[] {
          "batch",
          "engine",
          "ms/batch",
          "images/s",
          "vs best peer",
          "of FMA peak",
          "peak GFLOP/s",
          "max RSS MiB",
          "first label s",
          "others' CPU",
          "worst logit"
        });
    for (Row row : rows) {
      Double ratio = row.ratioToBestPeer();
      Long resident = row.maxResidentBytes();
      lines.add(
          new String[] {
            Integer.toString(row.batch()),
            row.engine(),
            text("%.1f", row.millisPerBatch()),
            text("%.2f", row.imagesPerSecond()),
            ratio == null ? "-" : text("%.2fx", ratio),
            FmaPeak.text(row.fractionOfPeak()),
            text("%.0f", row.peakGigaflops()),
            resident == null ? "-" : text("%.0f", resident / MEBIBYTE),
            text("%.2f", row.firstLabelMillis() / 1000),
            text("%.0f %%", 100 * row.othersShare()),
            text("%.1e", row.worstDifference())
          });
    }
    StringBuilder table = new StringBuilder("model: " + model + "\n");
    conditions.forEach((what, value) -> table.append(what + ": " + value + "\n"));
    return table.append('\n').append(align(lines)).toString();
  }

  /** The whole report, every turn included. */
  String json() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(this);
  }

  /** Numbers to the right, the engine's name to the left. */
  private static String align(List<String[]> lines) {
    int[] widths = new int[lines.getFirst().length];
    for (String[] line : lines) {
      for (int column = 0; column < line.length; column++) {
        widths[column] = Math.max(widths[column], line[column].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] line : lines) {
      StringBuilder row = new StringBuilder();
      for (int column = 0; column < line.length; column++) {
        String format = (column == 1 ? "%-" : "%") + widths[column] + "s";
        row.append(column == 0 ? "" : "  ").append(format.formatted(line[column]));
      }
      text.append(row).append('\n');
    }
    return text.toString();
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
