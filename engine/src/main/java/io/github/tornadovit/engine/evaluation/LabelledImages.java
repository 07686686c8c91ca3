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
import org.jspecify.annotations.Nullable;

/**
 * Images with their labels. A label is the name of a class (in the checkpoint's {@code id2label},
 * or of a probe) or, where no class is named so, its number.
 *
 * @param images at least one
 * @param skipped files and folders beside them that were passed over
 */
public record LabelledImages(List<LabelledImage> images, List<Skipped> skipped) {
  private static final List<String> CSV_ENDINGS = List.of(".csv", ".tsv", ".tab", ".txt");
  private static final List<String> JSON_LINES = List.of(".jsonl", ".ndjson");

  /** Copies the lists. */
  public LabelledImages {
    images = List.copyOf(images);
    skipped = List.copyOf(skipped);
  }

  /**
   * Reads a folder that holds a folder per label, or a CSV file or JSON Lines with a column of
   * paths and one of labels.
   *
   * <p>Folders: images at any depth below the label's folder, as {@link ImageFiles} finds them,
   * labels and images in the order of their paths. CSV: a file that ends in {@code .csv}, {@code
   * .tsv}, {@code .tab} or {@code .txt}, or the {@code metadata.csv} of the folder; RFC 4180 with
   * fields separated by commas, semicolons, tabs or bars; UTF-8, or UTF-16 with a byte order mark.
   * Its header names the columns as people name them (file_name, path, image, …; label, class, …),
   * or there is none and the columns are these two. JSON Lines: a file that ends in {@code .jsonl}
   * or {@code .ndjson}, or the {@code metadata.jsonl} of the folder; an object per line, with such
   * keys. Paths are relative to the file's folder; an image per line, in their order.
   *
   * @param labels class names, index = class id
   * @throws DataSetException if there is no such folder or file, a label is not one of the classes,
   *     a label's folder holds no image, the columns are not known, or a line lacks one
   */
  public static LabelledImages read(Path data, List<String> labels) throws IOException {
    LabelIds ids = new LabelIds(labels);
    Path list = list(data);
    if (list == null) {
      return folder(data, ids);
    }
    return new LabelledImages(
        rows(list).stream().map(row -> row.image(list, ids)).toList(), List.of());
  }

  /**
   * The labels that a folder or a file gives its images, sorted as torchvision's {@code
   * ImageFolder} sorts them: what {@link #read} takes where the data defines the classes.
   *
   * @throws DataSetException if there is no such folder or file, the columns are not known, or a
   *     line lacks one
   */
  public static List<String> labels(Path data) throws IOException {
    Path list = list(data);
    Stream<String> labels =
        list == null
            ? ImageFiles.folders(data).stream().map(LabelledImages::name)
            : rows(list).stream().map(LabelledRow::label);
    return labels.distinct().sorted().toList();
  }

  private static List<LabelledRow> rows(Path list) throws IOException {
    return isJsonLines(list) ? LabelledJsonLines.rows(list) : LabelledCsv.rows(list);
  }

  private static boolean isJsonLines(Path file) {
    return JSON_LINES.stream().anyMatch(lowerCase(file)::endsWith);
  }

  private static String lowerCase(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  /**
   * The CSV file or JSON Lines that the data is or, as in data sets of the hub, has in it; null if
   * it has none.
   */
  private static @Nullable Path list(Path data) throws IOException {
    if (Files.isDirectory(data)) {
      Path csv = data.resolve("metadata.csv");
      if (Files.isRegularFile(csv) && LabelledCsv.hasHeader(csv)) {
        return csv;
      }
      Path jsonLines = data.resolve("metadata.jsonl");
      return Files.isRegularFile(jsonLines) && LabelledJsonLines.hasKeys(jsonLines)
          ? jsonLines
          : null;
    }
    if (!Files.exists(data)) {
      throw new DataSetException(
          data.toString(),
          "does not exist, expected a folder with a folder per label, a CSV or JSON Lines");
    }
    if (!isJsonLines(data) && CSV_ENDINGS.stream().noneMatch(lowerCase(data)::endsWith)) {
      throw new DataSetException(
          data.toString(),
          "is neither a folder with a folder per label nor a file of labels, which ends in %s, %s"
              .formatted(String.join(", ", CSV_ENDINGS), String.join(", ", JSON_LINES)));
    }
    return data;
  }

  /**
   * Some of the images, evenly spaced, so that every label keeps about its share.
   *
   * @param limit at least 1
   * @return all of them if there are no more than the limit
   */
  public static <T> List<T> spaced(List<T> images, int limit) {
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
            "image '%s' lies directly in it, expected a folder per label, or a metadata.csv or"
                    .formatted(name(file))
                + " metadata.jsonl with file_name and label");
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
    return PathNames.last(path);
  }
}
