package io.github.tornadovit.engine.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Recognises the columns of path and label by their names. */
final class ColumnNames {
  /** Names as they are compared, see {@link #simple}; the first that is there counts. */
  private static final List<String> PATHS =
      List.of(
          "filename",
          "filepath",
          "imagepath",
          "imgpath",
          "path",
          "imagefile",
          "imagename",
          "image",
          "img",
          "file",
          "imageid",
          "images",
          "files",
          "filenames",
          "paths");

  private static final List<String> LABELS =
      List.of(
          "label",
          "labels",
          "class",
          "classname",
          "target",
          "category",
          "labelname",
          "classid",
          "labelid",
          "classes",
          "targets");

  /** Some of them, for messages. */
  static final String SOME =
      "one of file_name, path, image, … and one of label, class, target, category, …";

  private ColumnNames() {}

  /** The column of paths; -1 if none has such a name, or two have it. */
  static int path(List<String> names) {
    return find(names, PATHS);
  }

  /** The column of labels, as {@link #path}. */
  static int label(List<String> names) {
    return find(names, LABELS);
  }

  /** Whether both are there. */
  static boolean known(List<String> names) {
    return path(names) >= 0 && label(names) >= 0;
  }

  /** For messages. */
  static String quoted(List<String> names) {
    return names.stream()
        .map(name -> "'" + LabelIds.shown(name) + "'")
        .collect(Collectors.joining(", "));
  }

  private static int find(List<String> names, List<String> known) {
    List<String> fields = names.stream().map(ColumnNames::simple).toList();
    return known.stream()
        .mapToInt(
            name -> fields.indexOf(name) == fields.lastIndexOf(name) ? fields.indexOf(name) : -1)
        .filter(column -> column >= 0)
        .findFirst()
        .orElse(-1);
  }

  /** Without what people write one way or another. */
  private static String simple(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace(" ", "").replace("_", "").replace("-", "");
  }
}
