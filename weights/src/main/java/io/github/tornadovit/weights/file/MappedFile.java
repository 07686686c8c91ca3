package io.github.tornadovit.weights.file;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped into memory. A mapping shows what is written to its file later: pages beyond the
 * end of a file that was cut short cannot be read, and the others hold what is there now, without
 * any error. So whoever has read asks {@link #requireUnchanged}. Safe for use by several threads.
 */
final class MappedFile {
  private final Path path;
  private final String where;
  private final MemorySegment bytes;
  private final Object key;

  /** When the file was known to hold what was mapped. */
  private volatile FileTime then;

  /** Of the content that was mapped, once somebody asked for it. */
  private volatile @Nullable String digest;

  private MappedFile(Path path, String where, MemorySegment bytes, BasicFileAttributes then) {
    this.path = path;
    this.where = where;
    this.bytes = bytes;
    this.key = String.valueOf(then.fileKey());
    this.then = then.lastModifiedTime();
  }

  /**
   * Maps a whole file.
   *
   * @param where the file, for messages
   */
  static MappedFile open(Path path, String where, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(
          path, where, bytes, Files.readAttributes(path, BasicFileAttributes.class));
    }
  }

  /** Read-only. */
  MemorySegment bytes() {
    return bytes;
  }

  /**
   * SHA-256 of the content that was mapped, read the first time.
   *
   * @throws CheckpointException if that is not what the file holds any more
   */
  String digest() {
    String known = digest;
    if (known == null) {
      known = Sha256.of(bytes);
      requireUnchanged(null);
      digest = known;
    }
    return known;
  }

  /**
   * Checks that the bytes are those of the file as it was. Another file of the same name does not
   * matter, nor that the file was deleted: the mapping keeps the one that was opened. A file whose
   * time alone changed is read again and compared, if the digest of what it held is known.
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
    if (!String.valueOf(now.fileKey()).equals(key)) {
      return;
    }
    FileTime time = now.lastModifiedTime();
    boolean sameSize = now.size() == bytes.byteSize();
    if (sameSize && (time.equals(then) || holdsTheSame(time))) {
      return;
    }
    throw new CheckpointException(
        where,
        "changed while it was in use: it has %d bytes of %s, had %d of %s; load it again once it is"
                .formatted(now.size(), time, bytes.byteSize(), then)
            + " written, and replace such files (write beside, then rename) instead of writing to"
            + " them"
            + (sameSize && digest == null
                ? "; if its time alone changed (touch), only a digest taken before could tell"
                : ""),
        cause);
  }

  private boolean holdsTheSame(FileTime time) {
    String known = digest;
    if (known == null || !bytes.scope().isAlive() || !Sha256.of(bytes).equals(known)) {
      return false;
    }
    then = time;
    return true;
  }
}
