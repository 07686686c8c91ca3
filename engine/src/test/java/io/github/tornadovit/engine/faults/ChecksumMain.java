package io.github.tornadovit.engine.faults;

import io.github.tornadovit.base.file.Chunks;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * Cuts a mapped file short while its checksum is computed, and prints the error that this makes. In
 * a JVM of its own: the checksum of the mapping itself would end it.
 */
final class ChecksumMain {
  private ChecksumMain() {}

  /**
   * Runs it.
   *
   * @param arguments the file, of more bytes than are handed over at once
   */
  public static void main(String[] arguments) throws IOException {
    try (FileChannel file =
            FileChannel.open(
                Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
      CRC32 checksum = new CRC32();
      Chunks.of(
          bytes,
          (chunk, count) -> {
            checksum.update(chunk, 0, count);
            cut(file);
          });
      System.out.println("no error, " + checksum.getValue());
    } catch (InternalError cutShort) {
      System.out.println("InternalError");
    }
  }

  private static void cut(FileChannel file) {
    try {
      file.truncate(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
