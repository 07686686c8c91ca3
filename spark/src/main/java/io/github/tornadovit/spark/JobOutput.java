package io.github.tornadovit.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The folder of a job's answers: Parquet, and a file that says by what settings they came to be, so
 * that a later run does not add others.
 */
final class JobOutput {
  /** The column that names an image. */
  static final String PATH = "path";

  /** Readers of Parquet pass over a name that begins so. */
  private static final String SETTINGS = "_tornado-vit.txt";

  private static final String PART = ".part";

  private final SparkSession session;
  private final Path folder;

  /**
   * A folder that is new, or of a job with the same settings.
   *
   * @throws IllegalArgumentException if it is neither
   */
  JobOutput(SparkSession session, String folder, String settings) {
    this.session = session;
    this.folder = new Path(folder);
    try {
      admit(files(), this.folder, settings);
    } catch (IOException failure) {
      throw new UncheckedIOException(folder + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Writes down the settings of a new folder, or compares with those of one that is there. A folder
   * without settings has at most parts of them, of jobs that ended while writing.
   */
  static void admit(FileSystem files, Path folder, String settings) throws IOException {
    Path file = new Path(folder, SETTINGS);
    if (files.exists(file)) {
      requireSame(files, file, settings);
      return;
    }
    if (files.exists(folder)
        && Arrays.stream(files.listStatus(folder))
            .anyMatch(found -> !isPart(found.getPath().getName()))) {
      throw new IllegalArgumentException(
          folder + " is not empty and not of this job; name another folder");
    }
    files.mkdirs(folder);
    Path part = new Path(folder, SETTINGS + "." + UUID.randomUUID() + PART);
    try (OutputStream out = files.create(part, true)) {
      out.write(settings.getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(part, file)) {
      files.delete(part, false);
      if (!files.exists(file)) {
        throw new IOException(part + " cannot be renamed to " + file.getName());
      }
    }
    requireSame(files, file, settings); // Another job may have begun at the same time.
  }

  private static void requireSame(FileSystem files, Path file, String settings) throws IOException {
    String found;
    try (InputStream in = files.open(file)) {
      found = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!found.equals(settings)) {
      throw new IllegalArgumentException(
          "%s holds answers of other settings: %s; these are: %s; name another folder"
              .formatted(file.getParent(), oneLine(found), oneLine(settings)));
    }
  }

  private static boolean isPart(String name) {
    return name.startsWith(SETTINGS) && name.endsWith(PART);
  }

  private static String oneLine(String settings) {
    return String.join(", ", settings.strip().lines().toList());
  }

  private FileSystem files() throws IOException {
    return folder.getFileSystem(session.sparkContext().hadoopConfiguration());
  }

  /** Those images that have no answer yet. */
  Dataset<Row> lacks(Dataset<Row> images) {
    return isEmpty()
        ? images
        : images.join(
            session.read().parquet(folder.toString()).select(PATH),
            scala.jdk.javaapi.CollectionConverters.asScala(java.util.List.of(PATH)).toSeq(),
            "left_anti");
  }

  private boolean isEmpty() {
    try {
      return Arrays.stream(files().listStatus(folder))
          .map(FileStatus::getPath)
          .noneMatch(file -> file.getName().endsWith(".parquet"));
    } catch (IOException failure) {
      throw new UncheckedIOException(folder + ": " + failure.getMessage(), failure);
    }
  }

  /** Adds answers, all of them or none. */
  void add(Dataset<Row> answers) {
    answers.write().mode(SaveMode.Append).parquet(folder.toString());
  }
}
