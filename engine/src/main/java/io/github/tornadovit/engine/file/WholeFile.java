package io.github.tornadovit.engine.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
   * @throws IOException if that fails; nothing of the file is left then
   */
  public static void write(Path file, Content content) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      writeAll(target, content);
      return;
    }
    Path temporary = target.resolveSibling(target.getFileName() + "." + unique() + ".tmp");
    try {
      writeAll(temporary, content);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Differs between the processes and threads that may write the same file. */
  private static String unique() {
    return ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
  }

  private static void writeAll(Path file, Content content) throws IOException {
    try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(file))) {
      content.writeTo(target);
    }
  }
}
