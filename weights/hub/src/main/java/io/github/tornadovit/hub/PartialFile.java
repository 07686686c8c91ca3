package io.github.tornadovit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is still coming: {@code ETAG.incomplete}, which the next download continues.
 *
 * <p>Locked by its writer. Where another has it, in spite of the cache's lock, this is {@code
 * ETAG.xxxxxxxx.incomplete}, of this download alone and deleted with it.
 */
final class PartialFile implements AutoCloseable {
  private static final String SUFFIX = ".incomplete";

  private final Path path;
  private final FileChannel channel;
  private final boolean keep;

  private PartialFile(Path path, FileChannel channel, boolean keep) {
    this.path = path;
    this.channel = channel;
    this.keep = keep;
  }

  /**
   * Opens what is there of a blob, or a new file.
   *
   * @param resumable false for a file without a checksum, whose parts may be of two versions
   */
  static PartialFile open(Path blob, boolean resumable) throws IOException {
    if (resumable) {
      PartialFile continued = continued(resumable(blob));
      if (continued != null) {
        return continued;
      }
    }
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path path = blob.resolveSibling(blob.getFileName() + "." + unique + SUFFIX);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new PartialFile(path, channel, false);
  }

  /** Where a part of a blob lies that the next download continues. */
  static Path resumable(Path blob) {
    return blob.resolveSibling(blob.getFileName() + SUFFIX);
  }

  /** The file that the next download continues, or null if another has it. */
  private static @Nullable PartialFile continued(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    PartialFile ours = null;
    try {
      Object opened = fileKey(path);
      // Whoever had it may have made it the blob before the lock was free: then it is not ours.
      if (isOurs(channel) && opened != null && opened.equals(fileKey(path))) {
        channel.position(channel.size());
        ours = new PartialFile(path, channel, true);
      }
      return ours;
    } finally {
      if (ours == null) {
        channel.close();
      }
    }
  }

  /** The key that tells this file from another of its name, or null if there is none. */
  private static @Nullable Object fileKey(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.fileKey() == null ? path : attributes.fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  private static boolean isOurs(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException otherThread) {
      return false;
    } catch (IOException noLocks) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return channel.size();
  }

  void append(byte[] bytes, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Starts again. */
  void clear() throws IOException {
    channel.truncate(0);
    channel.position(0);
  }

  /** Makes it the blob, in one step and on the disk for good; the lock goes last. */
  void publish(Path blob) throws IOException {
    channel.force(true);
    Files.move(path, blob, StandardCopyOption.ATOMIC_MOVE);
    channel.close();
  }

  /** Lets the file go; it stays for the next download if that can continue it. */
  @Override
  public void close() throws IOException {
    boolean useless = !keep;
    try (channel) {
      useless |= channel.isOpen() && channel.size() == 0;
    } finally {
      if (useless) {
        Files.deleteIfExists(path);
      }
    }
  }
}
