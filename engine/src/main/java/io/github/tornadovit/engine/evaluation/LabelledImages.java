package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads which images there are and what they show. A label is the name of a class (in the
 * checkpoint's {@code id2label}, or of a probe) or, where no class is named so, its number.
 */
public final class LabelledImages {
  private LabelledImages() {}

  /**
   * Reads a folder that holds a folder per label, or a CSV file of {@code path,label}.
   *
   * <p>Folders: images at any depth below the label's folder, labels and images in the order of
   * their paths; folders whose name begins with a dot are left out. CSV: RFC 4180, UTF-8, paths
   * relative to the file's folder, a header {@code path,label} or none, images in the order of the
   * lines.
   *
   * @param labels class names, index = class id
   * @return at least one image
   * @throws DataSetException if there is no such folder or file, a label is not one of the classes,
   *     a label's folder holds no image, or a line is not {@code path,label}
   */
  public static List<LabelledImage> read(Path data, List<String> labels) throws IOException {
    LabelIds ids = new LabelIds(labels);
    return isFolder(data) ? folder(data, ids) : LabelledCsv.read(data, ids);
  }

  /**
   * The labels that a folder or a CSV file gives its images, sorted as torchvision's {@code
   * ImageFolder} sorts them: what {@link #read} takes where the data defines the classes.
   *
   * @throws DataSetException if there is no such folder or file, or a line is not {@code
   *     path,label}
   */
  public static List<String> labels(Path data) throws IOException {
    Stream<String> labels =
        isFolder(data)
            ? entries(data).stream().filter(Files::isDirectory).map(LabelledImages::name)
            : LabelledCsv.labels(data).stream();
    return labels.distinct().sorted().toList();
  }

  /** True for a folder, false for a CSV file. */
  private static boolean isFolder(Path data) {
    if (Files.isDirectory(data)) {
      return true;
    }
    if (!Files.exists(data)) {
      throw new DataSetException(
          data.toString(), "does not exist, expected a folder with a folder per label, or a CSV");
    }
    if (!data.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
      throw new DataSetException(
          data.toString(), "is neither a folder with a folder per label nor a file ending in .csv");
    }
    return false;
  }

  /**
   * Some of the images, evenly spaced, so that every label keeps about its share.
   *
   * @param limit at least 1
   * @return all of them if there are no more than the limit
   */
  public static List<LabelledImage> spaced(List<LabelledImage> images, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + ", expected 1 or more");
    }
    if (images.size() <= limit) {
      return images;
    }
    return IntStream.range(0, limit)
        .mapToObj(i -> images.get((int) ((long) i * images.size() / limit)))
        .toList();
  }

  private static List<LabelledImage> folder(Path data, LabelIds ids) throws IOException {
    List<Path> entries = entries(data);
    for (Path entry : entries) {
      if (ImageFiles.isNamedAsImage(entry) && Files.isRegularFile(entry)) {
        throw new DataSetException(
            data.toString(),
            "image '%s' lies directly in it, expected a folder per label".formatted(name(entry)));
      }
    }
    List<LabelledImage> images = new ArrayList<>();
    for (Path folder : entries.stream().filter(Files::isDirectory).toList()) {
      int label = ids.require(name(folder), folder.toString());
      List<Path> files = ImageFiles.in(folder);
      if (files.isEmpty()) {
        throw new DataSetException(
            folder.toString(), "holds no image (files ending in " + ImageFiles.endings() + ")");
      }
      files.forEach(file -> images.add(new LabelledImage(file, label)));
    }
    if (images.isEmpty()) {
      throw new DataSetException(data.toString(), "holds no folder, expected one per label");
    }
    return List.copyOf(images);
  }

  private static List<Path> entries(Path data) throws IOException {
    try (Stream<Path> found = Files.list(data)) {
      return found.filter(entry -> !name(entry).startsWith(".")).sorted().toList();
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
