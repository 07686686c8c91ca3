package io.github.tornadovit.weights.layout;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.FileProblem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The content of a folder, for errors that say what was found there.
 *
 * @param names of files and folders without the hidden ones, numbers within them in their order
 */
record FolderListing(Path folder, List<String> names) {
  /** Most entries looked at: the folder may be anything, of any size. */
  private static final int MAX_ENTRIES = 10_000;

  private static final int SHOWN = 5;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** checkpoint-500 before checkpoint-1000. */
  private static final Comparator<String> BY_NUMBER =
      Comparator.comparing(FolderListing::padded).thenComparing(Comparator.naturalOrder());

  /**
   * Lists a folder.
   *
   * @param name the folder as the user would name it
   * @throws CheckpointException if it cannot be read
   */
  static FolderListing of(Path folder, String name) {
    TreeSet<String> names = new TreeSet<>(BY_NUMBER);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String entryName = String.valueOf(entry.getFileName());
        if (!entryName.startsWith(".") && names.size() < MAX_ENTRIES) {
          names.add(entryName);
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw unreadable(name, Objects.requireNonNull(failure.getCause()));
    } catch (IOException failure) {
      throw unreadable(name, failure);
    }
    return new FolderListing(folder, List.copyOf(names));
  }

  private static CheckpointException unreadable(String name, IOException failure) {
    return new CheckpointException(name, "cannot be read: " + FileProblem.reason(failure), failure);
  }

  private static String padded(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(
            digits -> "0".repeat(Math.max(0, 12 - digits.group().length())) + digits.group());
  }

  boolean has(String name) {
    return names.contains(name);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** The files, whatever they are links to. */
  List<String> files(Predicate<String> wanted) {
    return names.stream().filter(wanted).filter(name -> Files.isRegularFile(path(name))).toList();
  }

  /** The folders that hold a file of one of these names. */
  List<String> foldersWith(List<String> files) {
    return names.stream()
        .filter(name -> Files.isDirectory(path(name)))
        .filter(name -> files.stream().anyMatch(file -> Files.exists(path(name).resolve(file))))
        .toList();
  }

  /** All names, or the first few and how many more. */
  String summary() {
    return names.isEmpty() ? "nothing" : shown(names);
  }

  /** Names for a message. */
  static String shown(List<String> names) {
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? shown : shown + " and %d more".formatted(names.size() - SHOWN);
  }
}
