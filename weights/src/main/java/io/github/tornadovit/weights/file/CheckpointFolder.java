package io.github.tornadovit.weights.file;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.base.file.HeapProblem;
import io.github.tornadovit.base.file.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A checkpoint folder and the memory of the files opened in it.
 *
 * <p>Owns the arena that it is given the life of: every segment that {@link #map} returns is valid
 * until that arena is closed, by whoever opened it. Only plain file names are accepted, so no name
 * that comes out of a file leads out of the folder; symbolic links are followed, since the Hugging
 * Face cache is made of them. Remembers what was read, for {@link #digest}. For one thread.
 */
public final class CheckpointFolder {
  /** A file that is not in the default file system is held in memory as a whole, up to this. */
  static final long MAX_BYTES_IN_MEMORY = 1L << 30;

  private static final int COPY_BYTES = 1 << 20;

  private final Path path;
  private final String name;
  private final Arena arena;
  private final SortedMap<String, MemorySegment> opened = new TreeMap<>();
  private final SortedMap<String, MappedFile> mappings = new TreeMap<>();

  /**
   * Checks that the folder is one.
   *
   * @param path the folder
   * @param name the folder as the user would name it
   * @param arena owns the files' memory
   */
  public CheckpointFolder(Path path, String name, Arena arena) {
    this.path = path;
    this.name = name;
    this.arena = arena;
    if (!Files.exists(path)) {
      throw new CheckpointException(
          name, "does not exist; give a folder that holds config.json and the weights");
    }
    if (!Files.isDirectory(path)) {
      throw new CheckpointException(
          name, "is a file, expected the folder that holds config.json and the weights");
    }
  }

  /** True for a name without separators, drive or parent: one that stays in its folder. */
  public static boolean isPlainName(String file) {
    return !file.isEmpty()
        && !file.equals(".")
        && !file.equals("..")
        && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }

  /** The folder as the user would name it. */
  public String name() {
    return name;
  }

  /** Owns the files' memory. */
  public Arena arena() {
    return arena;
  }

  /** The names of the files read so far, sorted. */
  public List<String> filesRead() {
    return List.copyOf(opened.keySet());
  }

  /**
   * SHA-256, in hexadecimal, that names the content of all files read so far: that of the lines
   * which {@code sha256sum} prints for them, in the order of their names. Reads every file.
   *
   * @throws IllegalStateException if the arena was closed
   */
  public String digest() {
    MessageDigest lines = Sha256.start();
    opened.forEach(
        (file, bytes) -> {
          MappedFile mapping = mappings.get(file);
          String digest = mapping == null ? Sha256.of(bytes) : mapping.digest();
          lines.update((digest + "  " + file + "\n").getBytes(StandardCharsets.UTF_8));
        });
    return Sha256.end(lines);
  }

  /**
   * Checks that what was read of the mapped files is what they held when they were opened. To be
   * asked after reading.
   *
   * @throws CheckpointException if one was written to or cut short since
   */
  public void requireUnchanged() {
    mappings.values().forEach(mapping -> mapping.requireUnchanged(null));
  }

  /**
   * Throws what a failure comes from, if that is a file that changed or cannot be read any more, or
   * memory that is full; else the failure is the caller's to throw on.
   *
   * @param failure of anything that read the folder
   * @throws CheckpointException if a file or the memory was at fault
   */
  public void blame(Throwable failure) {
    if (failure instanceof OutOfMemoryError full) {
      throw new CheckpointException(name, HeapProblem.reason(full), full);
    }
    mappings.values().forEach(mapping -> mapping.requireUnchanged(failure));
    for (Throwable link = failure; link != null; link = link.getCause()) {
      if (!mappings.isEmpty() && link instanceof InternalError fault && isOfMemory(fault)) {
        throw new CheckpointException(
            name,
            "a file of it could be opened and not be read: its disk or network failed; load it"
                + " again",
            failure);
      }
    }
  }

  /** The JVM's words for a page of a mapping that the system could not bring. */
  private static boolean isOfMemory(InternalError fault) {
    return String.valueOf(fault.getMessage()).contains("unsafe memory access");
  }

  /** The file as messages name it. */
  public String where(String file) {
    return name + "/" + file;
  }

  /** Whether something of that name is in the folder. */
  public boolean has(String file) {
    return Files.exists(resolve(file));
  }

  /**
   * The whole content of a small file.
   *
   * @param limit most bytes that it may have
   */
  public byte[] read(String file, int limit) {
    try {
      Path regular = regular(file);
      long size = Files.size(regular);
      if (size > limit) {
        throw new CheckpointException(
            where(file), "has %d bytes, expected at most %d".formatted(size, limit));
      }
      try (var input = Files.newInputStream(regular)) {
        byte[] content = input.readNBytes(limit + 1);
        if (content.length > limit) {
          throw new CheckpointException(
              where(file), "has more than %d bytes, the limit of such a file".formatted(limit));
        }
        opened.put(file, MemorySegment.ofArray(content));
        return content;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The bytes of a file: a read-only mapping of a file of the default file system, else a copy in
   * native memory. Both live as long as the arena.
   */
  public MemorySegment map(String file) {
    try {
      Path regular = regular(file);
      MemorySegment bytes =
          regular.getFileSystem().equals(FileSystems.getDefault())
              ? mapped(file, regular)
              : load(file, regular);
      opened.put(file, bytes);
      return bytes;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private MemorySegment mapped(String file, Path regular) throws IOException {
    MappedFile mapping = MappedFile.open(regular, where(file), arena);
    mappings.put(file, mapping);
    return mapping.bytes();
  }

  private MemorySegment load(String file, Path regular) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(regular, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > MAX_BYTES_IN_MEMORY) {
        throw new CheckpointException(
            where(file),
            "has %d bytes, expected at most %d in an archive; unpack it to a folder"
                .formatted(size, MAX_BYTES_IN_MEMORY));
      }
      MemorySegment memory = arena.allocate(size, Long.BYTES);
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, COPY_BYTES));
      for (long position = 0; position < size; position += buffer.limit()) {
        buffer.clear().limit((int) Math.min(size - position, buffer.capacity()));
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new EOFException("ended before its %d bytes".formatted(size));
          }
        }
        MemorySegment.copy(
            buffer.array(), 0, memory, ValueLayout.JAVA_BYTE, position, buffer.limit());
      }
      return memory.asReadOnly();
    }
  }

  /** Refuses what is not a regular file: opening a pipe would wait for ever. */
  private Path regular(String file) {
    Path candidate = resolve(file);
    if (!Files.isRegularFile(candidate)) {
      throw new CheckpointException(
          where(file), Files.exists(candidate) ? "is not a regular file" : "does not exist");
    }
    return candidate;
  }

  private Path resolve(String file) {
    if (!isPlainName(file)) {
      throw new CheckpointException(
          name, "file name '%s' is not plain, expected a file of the folder".formatted(file));
    }
    try {
      return path.resolve(file);
    } catch (InvalidPathException unusable) {
      throw new CheckpointException(
          name, "file name '%s' is none of this file system".formatted(file), unusable);
    }
  }

  private CheckpointException unreadable(String file, IOException e) {
    return new CheckpointException(where(file), "cannot be read: " + FileProblem.reason(e), e);
  }
}
