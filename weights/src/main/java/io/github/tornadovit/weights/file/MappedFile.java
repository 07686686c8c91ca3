package io.github.tornadovit.weights.file;

import io.github.tornadovit.weights.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped into memory, and what it was then. A mapping shows what is written to its file
 * later: pages beyond the end of a file that was cut short cannot be read, and the others hold what
 * is there now, without any error. So whoever has read asks {@link #requireUnchanged}.
 *
 * @param where the file, for messages
 * @param bytes read-only
 * @param then the file when it was mapped
 */
record MappedFile(Path path, String where, MemorySegment bytes, BasicFileAttributes then) {

  /** Maps a whole file. */
  static MappedFile open(Path path, String where, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(
          path, where, bytes, Files.readAttributes(path, BasicFileAttributes.class));
    }
  }

  /**
   * Checks that the bytes are those of the file as it was. Another file of the same name does not
   * matter, nor that the file was deleted: the mapping keeps the one that was opened.
   *
   * @param cause what reading led to, or null
   * @throws CheckpointException if the file was written to or cut short
   */
  void requireUnchanged(@Nullable Throwable cause) {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException gone) {
      return;
    }
    if (Objects.equals(now.fileKey(), then.fileKey())
        && (now.size() != bytes.byteSize()
            || !now.lastModifiedTime().equals(then.lastModifiedTime()))) {
      throw new CheckpointException(
          where,
          "changed while it was in use: it has %d bytes of %s, had %d of %s; load it again once it is"
                  .formatted(
                      now.size(), now.lastModifiedTime(), bytes.byteSize(), then.lastModifiedTime())
              + " written, and replace such files (write beside, then rename) instead of writing to"
              + " them",
          cause);
    }
  }
}
