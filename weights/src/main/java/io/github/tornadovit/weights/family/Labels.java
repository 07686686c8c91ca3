package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The class names in {@code id2label}, by number; JSON has them as strings in any order. */
final class Labels {
  static final int MAX_LABELS = 1 << 20;

  /** A config without labels is one of two classes. */
  private static final int DEFAULT_LABELS = 2;

  private static final String NAMES = "id2label";
  private static final String COUNT = "num_labels";

  private Labels() {}

  /**
   * The class names in the order of the classes. {@code num_labels}, where it is given and differs
   * from the number of names, decides and makes the names generic, as in transformers. Where
   * neither is given the classifier has as many classes as rows.
   *
   * @param classifier {@code [K, D]}, or null if there is none
   * @param notes told if the classes were counted there
   */
  static List<String> read(
      JsonObject config, @Nullable TensorView classifier, Consumer<CheckpointNote> notes) {
    int count = config.holds(COUNT) ? config.integer(COUNT, 0, 0, MAX_LABELS) : -1;
    if (!config.holds(NAMES)) {
      return count < 0 ? counted(classifier, notes) : generic(count);
    }
    TreeMap<Integer, String> names = new TreeMap<>();
    JsonObject labels = config.object(NAMES);
    labels
        .entries()
        .forEach(
            (key, name) -> {
              if (names.put(id(labels, key), name) != null) {
                throw new CheckpointException(
                    labels.where(), "key '%s' names class %s twice".formatted(NAMES, key));
              }
            });
    if (count >= 0 && count != names.size()) {
      return generic(count);
    }
    if (!names.isEmpty() && names.lastKey() != names.size() - 1) {
      throw new CheckpointException(
          labels.where(),
          "key '%s' names %d classes up to %s, expected each from 0 to %d; add class %d"
              .formatted(
                  NAMES,
                  names.size(),
                  names.lastKey(),
                  names.size() - 1,
                  IntStream.range(0, names.size())
                      .filter(i -> !names.containsKey(i))
                      .findFirst()
                      .orElseThrow()));
    }
    return List.copyOf(names.values());
  }

  private static List<String> counted(
      @Nullable TensorView classifier, Consumer<CheckpointNote> notes) {
    if (classifier == null || classifier.shape().rank() != 2) {
      return generic(DEFAULT_LABELS);
    }
    long rows = classifier.shape().extent(0);
    if (rows == DEFAULT_LABELS || rows < 1 || rows > MAX_LABELS) {
      return generic(DEFAULT_LABELS);
    }
    notes.accept(
        new CheckpointNote(
            CheckpointNote.Kind.LABELS,
            "config.json has no id2label: the %d classes of '%s' are called LABEL_0 to LABEL_%d"
                .formatted(rows, classifier.name(), rows - 1)));
    return generic((int) rows);
  }

  private static int id(JsonObject labels, String key) {
    int id = -1;
    if (key.length() <= 7 && key.chars().allMatch(c -> c >= '0' && c <= '9') && !key.isEmpty()) {
      id = Integer.parseInt(key);
    }
    if (id < 0 || id >= MAX_LABELS) {
      throw new CheckpointException(
          labels.where(),
          "key '%s' has an entry '%s', expected a class number from 0 to %d"
              .formatted(NAMES, key, MAX_LABELS - 1));
    }
    return id;
  }

  private static List<String> generic(int count) {
    List<String> labels = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      labels.add("LABEL_" + i);
    }
    return labels;
  }
}
