package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.engine.image.ImageFiles.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which images there are and what they show. A label is the name of a class (in the checkpoint's
 * {@code id2label}, or of a probe) or, where no class is named so, its number.
 *
 * @param images at least one
 * @param skipped files and folders beside them that were passed over
 */
public record LabelledImages(List<LabelledImage> images, List<Skipped> skipped) {
  /** Copies the lists. */
  public LabelledImages {
    images = List.copyOf(images);
    skipped = List.copyOf(skipped);
  }

  /**
   * Reads a folder that holds a folder per label, or a CSV file of {@code path,label}.
   *
   * <p>Folders: images at any depth below the label's folder, as {@link ImageFiles} finds them,
   * labels and images in the order of their paths. CSV: RFC 4180, UTF-8, paths relative to the
   * file's folder, a header {@code path,label} or none, images in the order of the lines.
   *
   * @param labels class names, index = class id
   * @throws DataSetException if there is no such folder or file, a label is not one of the classes,
   *     a label's folder holds no image, or a line is not {@code path,label}
   */
  public static LabelledImages read(Path data, List<String> labels) throws IOException {
    LabelIds ids = new LabelIds(labels);
    return isFolder(data)
        ? folder(data, ids)
        : new LabelledImages(LabelledCsv.read(data, ids), List.of());
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
            ? ImageFiles.folders(data).stream().map(LabelledImages::name)
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

  private static LabelledImages folder(Path data, LabelIds ids) throws IOException {
    ImageFiles found = ImageFiles.in(data);
    Map<Path, List<Path>> ofLabel =
        found.images().stream()
            .collect(Collectors.groupingBy(file -> data.resolve(data.relativize(file).getName(0))));
    List<LabelledImage> images = new ArrayList<>();
    List<Path> folders = ImageFiles.folders(data);
    for (Path file : found.images()) {
      if (data.relativize(file).getNameCount() == 1) {
        throw new DataSetException(
            data.toString(),
            "image '%s' lies directly in it, expected a folder per label".formatted(name(file)));
      }
    }
    for (Path folder : folders) {
      int label = ids.require(name(folder), folder.toString());
      List<Path> files = ofLabel.getOrDefault(folder, List.of());
      if (files.isEmpty()) {
        throw new DataSetException(folder.toString(), "holds no image" + instead(found, folder));
      }
      files.forEach(file -> images.add(new LabelledImage(file, label)));
    }
    if (images.isEmpty()) {
      throw new DataSetException(
          data.toString(), "holds no folder, expected one per label" + instead(found, data));
    }
    return new LabelledImages(images, found.skipped());
  }

  /** The first of what was found there instead of images. */
  private static String instead(ImageFiles found, Path folder) {
    return found.skipped().stream()
        .filter(skipped -> skipped.path().startsWith(folder))
        .findFirst()
        .map(skipped -> "; '%s' is %s".formatted(name(skipped.path()), skipped.reason()))
        .orElse("");
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
