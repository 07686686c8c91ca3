package io.github.tornadovit.engine.evaluation;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path and the label that a line of a file gives, as they are written there.
 *
 * @param where file and line, for messages
 * @param label without blanks around it
 */
record LabelledRow(String where, String path, String label) {
  /** A class id as pandas writes it where a label is missing somewhere. */
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9})\\.0+");

  /**
   * A row that has both.
   *
   * @throws DataSetException if one is blank
   */
  static LabelledRow of(String where, String path, String label) {
    if (path.isBlank()) {
      throw new DataSetException(where, "has no path");
    }
    if (label.isBlank()) {
      throw new DataSetException(where, "has no label");
    }
    return new LabelledRow(where, path, label.strip());
  }

  /**
   * The image.
   *
   * @param file that the row is of
   */
  LabelledImage image(Path file, LabelIds ids) {
    Matcher whole = WHOLE.matcher(label);
    int id = ids.require(whole.matches() && !ids.isName(label) ? whole.group(1) : label, where);
    try {
      return new LabelledImage(resolve(file, path), id);
    } catch (InvalidPathException invalid) {
      throw new DataSetException(where, "'%s' is not a path".formatted(path), invalid);
    }
  }

  /**
   * A path from a file's folder. Where there is no such file, blanks around the name and
   * backslashes as on Windows are not part of it.
   */
  static Path resolve(Path file, String text) {
    Path path = PathNames.sibling(file, text);
    String portable = text.strip().replace('\\', File.separatorChar);
    return portable.equals(text) || Files.exists(path) ? path : PathNames.sibling(file, portable);
  }
}
