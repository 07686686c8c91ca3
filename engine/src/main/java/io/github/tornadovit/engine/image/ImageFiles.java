package io.github.tornadovit.engine.image;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds image files, by the ending of their names; what is in them shows when they are decoded. */
public final class ImageFiles {
  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "jpe", "png", "bmp", "gif", "webp", "tif", "tiff");

  private ImageFiles() {}

  /** The endings that are looked for, for messages: {@code bmp, gif, …}. */
  public static String endings() {
    return String.join(", ", ENDINGS.stream().sorted().toList());
  }

  /** Whether a file's name ends as that of an image does, in any case. */
  public static boolean isNamedAsImage(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * The image files in a folder at any depth, sorted by path; links are followed.
   *
   * @throws java.io.UncheckedIOException if a folder cannot be read, or a link leads back to one
   *     that it is in
   */
  public static List<Path> in(Path folder) throws IOException {
    return in(folder, folder.getFileSystem().getPathMatcher("glob:**"));
  }

  /**
   * As {@link #in(Path)}, those alone whose path fits.
   *
   * @param matcher is given paths relative to the folder
   */
  public static List<Path> in(Path folder, PathMatcher matcher) throws IOException {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> isNamedAsImage(file) && matcher.matches(folder.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }
}
