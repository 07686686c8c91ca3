package io.github.tornadovit.base.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes files that appear whole or not at all: under a temporary name beside their place, then
 * moved. Who reads meanwhile, or after an interruption, finds what was there before.
 */
public final class WholeFile {
  private WholeFile() {}

  /** Writes what a file shall hold. */
  public interface Content {
    /** Writes all of it; the stream is buffered and closed by the caller. */
    void writeTo(OutputStream target) throws IOException;
  }

  /**
   * Writes a file, or replaces it. A link is followed; what is there but no regular file (a pipe, a
   * device) cannot be replaced and is written to.
   *
   * @throws IOException if that fails, with the file's name; nothing of the file is left then,
   *     unless it cannot even be deleted: then its remains have a name that ends in {@code .tmp}
   */
  public static void write(Path file, Content content) throws IOException {
    writeAll(Map.of(file, content));
  }

  /** As {@link #write(Path, Content)}, a text in UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, target -> target.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * As {@link #write(Path, Content)}, files that belong together: all are written before the first
   * is moved to its place, so that a disk that gets full leaves those that were there.
   */
  public static void writeAll(Map<Path, Content> files) throws IOException {
    Map<Path, Path> moves = new LinkedHashMap<>();
    try {
      for (Map.Entry<Path, Content> file : files.entrySet()) {
        Path target =
            Files.exists(file.getKey())
                ? file.getKey().toRealPath()
                : file.getKey().toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
          write(target, target, file.getValue());
        } else {
          Path temporary = target.resolveSibling(target.getFileName() + "." + unique() + ".tmp");
          moves.put(temporary, target);
          write(temporary, target, file.getValue());
        }
      }
      for (Map.Entry<Path, Path> move : moves.entrySet()) {
        Files.move(
            move.getKey(),
            move.getValue(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException | RuntimeException | Error failure) {
      moves.keySet().forEach(temporary -> discard(temporary, failure));
      throw failure;
    }
  }

  /** Differs between the processes and threads that may write the same file. */
  private static String unique() {
    return ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
  }

  /**
   * @param file to be written
   * @param named in errors: a full disk does not say which file it was about
   */
  private static void write(Path file, Path named, Content content) throws IOException {
    try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(file))) {
      content.writeTo(target);
    } catch (FileSystemException failure) {
      throw failure;
    } catch (IOException nameless) {
      FileSystemException failure =
          new FileSystemException(named.toString(), null, FileProblem.reason(nameless));
      failure.initCause(nameless);
      throw failure;
    }
  }

  /** Deletes a file that is of no use; what led here is the failure that counts. */
  private static void discard(Path temporary, Throwable failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException remains) {
      failure.addSuppressed(remains);
    }
  }
}
