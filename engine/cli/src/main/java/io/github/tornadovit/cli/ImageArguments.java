package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.NameEncoding;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.engine.image.ImageFiles.Skipped;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The images that the user names: files, folders (searched to any depth) and globs. */
final class ImageArguments {
  /** {@code https://host/cat.jpg}, {@code s3://…}, {@code data:image/png;base64,…}. */
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/|data:image/");

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
   * @param notes is told what was passed over in folders
   * @throws IllegalArgumentException if a folder or glob holds no image, or the argument is the
   *     address of one
   */
  List<Path> expand(PrintWriter notes) throws IOException {
    return expand(arguments, notes);
  }

  /** As {@link #expand(PrintWriter)}, of images that another option names. */
  static List<Path> expand(List<String> arguments, PrintWriter notes) throws IOException {
    List<Path> images = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (String argument : arguments) {
      Path path = pathOrNull(argument);
      refuseAddress(argument, path);
      refuseUnreadableName(argument, path);
      ImageFiles found = null;
      if (path != null && Files.isDirectory(path)) {
        found = required(ImageFiles.in(path), argument, "holds no image");
      } else if (isGlob(argument) && (path == null || !Files.exists(path))) {
        found = required(glob(argument), argument, "matches no image");
      } else if (path != null) {
        images.add(path);
      } else {
        throw new IllegalArgumentException(argument + ": is not a path");
      }
      if (found != null) {
        images.addAll(found.images());
        skipped.addAll(found.skipped());
      }
    }
    SkippedFiles.report(skipped, notes);
    return images;
  }

  /** As a path an address loses a slash, and an error about it would show what nobody wrote. */
  private static void refuseAddress(String argument, @Nullable Path path) {
    if (ADDRESS.matcher(argument).lookingAt() && (path == null || !Files.exists(path))) {
      String local =
          argument.regionMatches(true, 0, "file:", 0, 5)
              ? "give the path without file://"
              : "download it and give the file";
      throw new IllegalArgumentException(
          "%s: is an address, and addresses are not fetched: %s".formatted(argument, local));
    }
  }

  /** Java is given U+FFFD for bytes that are not text, and cannot find such a file again. */
  private static void refuseUnreadableName(String argument, @Nullable Path path) {
    if (argument.indexOf('\uFFFD') >= 0 && (path == null || !Files.exists(path))) {
      throw new IllegalArgumentException(
          "%s: its name holds bytes that are not %s, which Java is not given; name the folder it"
                  .formatted(argument, NameEncoding.name())
              + " is in");
    }
  }

  private static ImageFiles required(ImageFiles found, String argument, String problem) {
    if (found.images().isEmpty()) {
      String instead = found.skipped().isEmpty() ? "" : "; " + SkippedFiles.line(found.skipped());
      throw new IllegalArgumentException("%s: %s%s".formatted(argument, problem, instead));
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
  private static ImageFiles glob(String pattern) throws IOException {
    int wildcard = 0;
    while ("*?[{".indexOf(pattern.charAt(wildcard)) < 0) {
      wildcard++;
    }
    int end = Math.max(pattern.lastIndexOf('/', wildcard), pattern.lastIndexOf('\\', wildcard));
    Path root = Path.of(end < 0 ? "" : pattern.substring(0, end + 1));
    try {
      return Files.isDirectory(root)
          ? ImageFiles.in(root, pattern.substring(end + 1))
          : new ImageFiles(List.of(), List.of());
    } catch (PatternSyntaxException malformed) {
      throw new IllegalArgumentException(
          "%s: is no file, and no glob: %s".formatted(pattern, malformed.getDescription()),
          malformed);
    }
  }
}
