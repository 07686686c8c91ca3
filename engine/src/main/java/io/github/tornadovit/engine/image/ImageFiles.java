package io.github.tornadovit.engine.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The image files in a folder, at any depth, and what else lies there: the one rule for what is an
 * image in a folder.
 *
 * <p>A file is an image if its name ends as that of one does, or else if it begins as one: a
 * picture without an ending, or with a wrong one, is found. As in Hugging Face's {@code datasets},
 * names that begin with a dot, and folders whose name begins with two underscores, are as if they
 * were not there, at every level; so are the files that Windows and macOS keep for themselves
 * ({@code Thumbs.db}, {@code desktop.ini}). All else is skipped with a reason. Links are followed.
 *
 * <pre>{@code
 * ImageFiles found = ImageFiles.in(Path.of("photos"));
 * found.skipped().forEach(file -> System.err.println(file.path() + ": " + file.reason()));
 * }</pre>
 *
 * @param images sorted by path
 * @param skipped files and folders that were passed over, sorted by path
 */
public record ImageFiles(List<Path> images, List<Skipped> skipped) {
  /**
   * A file or folder that was passed over.
   *
   * @param path as it was found
   * @param reason what it is, or why it cannot be read: {@code a HEIC image; convert it to JPEG or
   *     PNG first}, {@code cannot be read: permission denied}
   */
  public record Skipped(Path path, String reason) {}

  /** Copies the lists. */
  public ImageFiles {
    images = List.copyOf(images);
    skipped = List.copyOf(skipped);
  }

  /**
   * Searches a folder; one within that cannot be read, or that a link leads back to, is skipped.
   *
   * @throws IOException if the folder itself cannot be read
   */
  public static ImageFiles in(Path folder) throws IOException {
    return FolderWalk.of(folder, null);
  }

  /**
   * As {@link #in(Path)}, those files alone whose path fits. Hidden names are found where the
   * pattern has them: {@code .cache/*.jpg}.
   *
   * @param glob as {@link java.nio.file.FileSystem#getPathMatcher}, for paths relative to the
   *     folder
   * @throws java.util.regex.PatternSyntaxException if it is no glob
   */
  public static ImageFiles in(Path folder, String glob) throws IOException {
    return FolderWalk.of(folder, glob);
  }

  /** Whether the name of a file ends as that of an image does, {@code cat.JPG} for one. */
  public static boolean hasImageName(String name) {
    int dot = name.lastIndexOf('.');
    return dot >= 0 && ImageFormat.hasEnding(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * The folders directly in a folder that {@link #in(Path)} enters, sorted: none that is hidden,
   * cannot be read or is a link to a folder that it is in.
   */
  public static List<Path> folders(Path folder) throws IOException {
    Path real = folder.toRealPath();
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> folders = entries.filter(Files::isDirectory).sorted().toList();
      return folders.stream()
          .filter(entry -> HiddenNames.NONE.admits(entry.getFileName(), true))
          .filter(entry -> Files.isReadable(entry) && Files.isExecutable(entry))
          .filter(entry -> !leadsBack(entry, real))
          .toList();
    }
  }

  private static boolean leadsBack(Path entry, Path folder) {
    try {
      return folder.startsWith(entry.toRealPath());
    } catch (IOException unreadable) {
      return true;
    }
  }
}
