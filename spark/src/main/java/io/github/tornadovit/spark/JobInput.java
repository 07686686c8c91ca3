package io.github.tornadovit.spark;

import io.github.tornadovit.engine.image.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The images of a job, by name alone: no file is opened. Spark's own sources leave out empty files
 * without a word, and read what is no image.
 *
 * @param images each once, sorted
 * @param others files that are no images by the ending of their name
 */
record JobInput(List<String> images, long others) {
  /**
   * Looks for images.
   *
   * @param inputs folders, which are searched at any depth, files, and globs of both; what begins
   *     with a dot or an underscore is hidden, as everywhere in Spark
   * @throws IllegalArgumentException if there is no such input, or no image
   */
  static JobInput of(List<String> inputs, Configuration hadoop) {
    Set<String> images = new TreeSet<>();
    long others = 0;
    for (String input : inputs) {
      try {
        others += add(input, hadoop, images);
      } catch (IOException failure) {
        throw new UncheckedIOException(input + ": " + failure.getMessage(), failure);
      }
    }
    if (images.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no images, and %d other files".formatted(String.join(", ", inputs), others));
    }
    return new JobInput(new ArrayList<>(images), others);
  }

  private static long add(String input, Configuration hadoop, Set<String> images)
      throws IOException {
    Path path = new Path(input);
    FileSystem files = path.getFileSystem(hadoop);
    FileStatus[] found =
        files.exists(path) ? new FileStatus[] {files.getFileStatus(path)} : files.globStatus(path);
    if (found == null || found.length == 0) {
      throw new IllegalArgumentException(input + ": does not exist");
    }
    long others = 0;
    for (FileStatus one : found) {
      if (one.isFile()) {
        images.add(one.getPath().toString());
      } else {
        others += search(files, one.getPath(), images);
      }
    }
    return others;
  }

  /**
   * Folder by folder: {@code listFiles} asks for permissions as well, for which Hadoop starts a
   * process per file where its native library is not installed.
   */
  private static long search(FileSystem files, Path folder, Set<String> images) throws IOException {
    long others = 0;
    RemoteIterator<FileStatus> all = files.listStatusIterator(folder);
    while (all.hasNext()) {
      FileStatus one = all.next();
      String name = one.getPath().getName();
      if (name.startsWith(".") || name.startsWith("_")) {
        continue;
      }
      if (one.isDirectory()) {
        others += search(files, one.getPath(), images);
      } else if (ImageFiles.hasImageName(name)) {
        images.add(one.getPath().toString());
      } else {
        others++;
      }
    }
    return others;
  }
}
