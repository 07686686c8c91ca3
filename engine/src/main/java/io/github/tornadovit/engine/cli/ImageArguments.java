package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.image.ImageFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The images that the user names: files, folders (searched to any depth) and globs. */
final class ImageArguments {
  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE|FOLDER|GLOB",
      description = "Image files, folders with images at any depth, or quoted globs.")
  private List<String> arguments = List.of();

  ImageArguments() {}

  /**
   * The image files in the order named, those of a folder or glob sorted by path. A file that is
   * named outright is listed whether or not it exists.
   *
   * @throws IllegalArgumentException if a folder or glob holds no image
   */
  List<Path> expand() throws IOException {
    List<Path> images = new ArrayList<>();
    for (String argument : arguments) {
      Path path = pathOrNull(argument);
      if (path != null && Files.isDirectory(path)) {
        images.addAll(required(ImageFiles.in(path), argument, "holds no image"));
      } else if (isGlob(argument) && (path == null || !Files.exists(path))) {
        images.addAll(required(glob(argument), argument, "matches no image"));
      } else if (path != null) {
        images.add(path);
      } else {
        throw new IllegalArgumentException(argument + ": is not a path");
      }
    }
    return images;
  }

  private static List<Path> required(List<Path> found, String argument, String problem) {
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s (files ending in %s)".formatted(argument, problem, ImageFiles.endings()));
    }
    return found;
  }

  private static boolean isGlob(String argument) {
    return argument.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static @Nullable Path pathOrNull(String argument) {
    try {
      return Path.of(argument);
    } catch (InvalidPathException invalid) {
      return null;
    }
  }

  /** Searches from the folder before the first wildcard. */
  private static List<Path> glob(String pattern) throws IOException {
    int wildcard = 0;
    while ("*?[{".indexOf(pattern.charAt(wildcard)) < 0) {
      wildcard++;
    }
    int end = Math.max(pattern.lastIndexOf('/', wildcard), pattern.lastIndexOf('\\', wildcard));
    Path root = Path.of(end < 0 ? "" : pattern.substring(0, end + 1));
    PathMatcher matcher =
        FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(end + 1));
    return Files.isDirectory(root) ? ImageFiles.in(root, matcher) : List.of();
  }
}
