package io.github.tornadovit.spark;

import io.github.tornadovit.engine.ImageProcessor;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.ImageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * Reads image files from Hadoop's file systems.
 *
 * @param hadoop what they are and where
 * @param repeated whether Spark repeats this task elsewhere if it fails
 */
record ImageStore(Configuration hadoop, boolean repeated) {
  /**
   * Reads a file and makes pixels of it.
   *
   * @throws ImageException if it is missing, may not be read, is no file, or no image
   * @throws UncheckedIOException if the storage fails and Spark may repeat the task; with the last
   *     attempt that is the image's error too
   */
  Pixels pixels(String path, ImageProcessor processor) {
    return processor.pixels(read(path), path);
  }

  private byte[] read(String path) {
    try {
      Path file = new Path(path);
      return read(file.getFileSystem(hadoop), file, path);
    } catch (FileNotFoundException missing) {
      // Hadoop's local file system says so of a file that may not be read, too.
      boolean denied = String.valueOf(missing.getMessage()).contains("Permission denied");
      throw new ImageException(
          path, denied ? "cannot be read: permission denied" : "does not exist", missing);
    } catch (AccessControlException | AccessDeniedException denied) {
      throw new ImageException(path, "cannot be read: permission denied", denied);
    } catch (IllegalArgumentException | UnsupportedFileSystemException nowhere) {
      throw new ImageException(path, "is no path of a file: " + nowhere.getMessage(), nowhere);
    } catch (IOException failure) {
      if (repeated) {
        throw new UncheckedIOException(path + ": the storage failed: " + failure, failure);
      }
      throw new ImageException(path, "cannot be read: " + failure.getMessage(), failure);
    }
  }

  private static byte[] read(FileSystem files, Path file, String path) throws IOException {
    FileStatus status = files.getFileStatus(file);
    if (status.isDirectory()) {
      throw new ImageException(path, "is a directory, expected an image file");
    }
    if (status.getLen() > ImageDecoder.MAX_ENCODED_BYTES) {
      throw new ImageException(
          path, "is larger than the limit of " + ImageDecoder.MAX_ENCODED_BYTES + " bytes");
    }
    try (InputStream encoded = files.open(file)) {
      return encoded.readNBytes(ImageDecoder.MAX_ENCODED_BYTES);
    }
  }
}
