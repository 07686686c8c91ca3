package io.github.tornadovit.engine.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** From the label that a person wrote to the class id of a checkpoint or a probe. */
final class LabelIds {
  /** More labels than this are not worth reading in an error message. */
  private static final int LISTED = 20;

  /** Nor more of one, nor are longer ones compared: that takes their lengths' product. */
  private static final int SHOWN = 200;

  private final List<String> labels;

  /**
   * @param labels class names, index = class id
   */
  LabelIds(List<String> labels) {
    this.labels = List.copyOf(labels);
  }

  /**
   * The id of a class name or, where no class is named so, of a number.
   *
   * @param where who says so, for the error: a folder, or a file and line
   * @throws DataSetException if there is no such class, or several have this name
   */
  int require(String label, String where) {
    int[] named =
        IntStream.range(0, labels.size()).filter(i -> labels.get(i).equals(label)).toArray();
    if (named.length == 1) {
      return named[0];
    }
    if (named.length > 1) {
      throw new DataSetException(
          where,
          "label '%s' is the name of classes %d and %d; write the class id instead"
              .formatted(shown(label), named[0], named[1]));
    }
    OptionalInt id =
        IntStream.range(0, labels.size()).filter(i -> label.equals("" + i)).findFirst();
    return id.orElseThrow(() -> new DataSetException(where, unknown(label)));
  }

  /** Whether a class, or several, are named so. */
  boolean isName(String label) {
    return labels.contains(label);
  }

  private String unknown(String label) {
    if (labels.isEmpty()) {
      return "the checkpoint has no classes: it is a base model; load one fine-tuned for image"
          + " classification";
    }
    String rest = labels.size() > LISTED ? ", … (%d in all)".formatted(labels.size()) : "";
    return "label '%s' is not one of the classes, expected %s%s, or a class id from 0 to %d; the closest is '%s'"
        .formatted(
            shown(label),
            labels.stream().limit(LISTED).map(LabelIds::shown).collect(Collectors.joining(", ")),
            rest,
            labels.size() - 1,
            shown(closest(shown(label))));
  }

  static String shown(String label) {
    return label.length() <= SHOWN ? label : label.substring(0, SHOWN) + "…";
  }

  private String closest(String label) {
    return labels.stream()
        .min(Comparator.comparingInt(known -> edits(simple(label), simple(shown(known)))))
        .orElseThrow();
  }

  /** Without what people write one way or another: case, and what stands between words. */
  private static String simple(String label) {
    return label.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "");
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one text to another. */
  private static int edits(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[to.length()];
  }
}
