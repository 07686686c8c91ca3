package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.ErrorText;
import io.github.tornadovit.engine.image.ImageFiles.Skipped;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells the user what was passed over in folders: a line per reason, with the first names. */
final class SkippedFiles {
  private static final int MAX_NAMES = 3;
  private static final int MAX_REASONS = 10;

  private SkippedFiles() {}

  /** Prints a line per reason; nothing if nothing was passed over. */
  static void report(List<Skipped> skipped, PrintWriter notes) {
    Map<String, List<Skipped>> byReason =
        skipped.stream()
            .collect(
                Collectors.groupingBy(SkippedFiles::kind, LinkedHashMap::new, Collectors.toList()));
    byReason.values().stream()
        .limit(MAX_REASONS)
        .forEach(files -> notes.println("tornado-vit: " + line(files)));
    List<Skipped> others =
        byReason.values().stream().skip(MAX_REASONS).flatMap(List::stream).toList();
    if (!others.isEmpty()) {
      notes.printf(
          "tornado-vit: skipped %s more, for other reasons: %s%n",
          count(others.size()), names(others));
    }
  }

  /** One line for all of them, with the reason that they share. */
  static String line(List<Skipped> files) {
    long reasons = files.stream().map(Skipped::reason).distinct().count();
    String reason = files.getFirst().reason();
    return "skipped %s: %s: %s"
        .formatted(
            count(files.size()),
            names(files),
            ErrorText.visible(reasons == 1 ? reason : kind(files.getFirst()).strip()));
  }

  private static String names(List<Skipped> files) {
    String names =
        files.stream()
            .limit(MAX_NAMES)
            .map(file -> ErrorText.visible(file.path().toString()))
            .collect(Collectors.joining(", "));
    int more = files.size() - MAX_NAMES;
    return more > 0 ? names + " and %,d more".formatted(more) : names;
  }

  /** The reason without what differs from file to file, as the first bytes. */
  private static String kind(Skipped file) {
    return file.reason().replaceAll("\\(.*", "");
  }

  private static String count(long files) {
    return files == 1 ? "1 file" : "%,d files".formatted(files);
  }
}
