package io.github.tornadovit.weights.file;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.Chunks;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The text that git leaves in place of a large file when Git LFS did not fetch it. */
public final class GitLfsPointer {
  private static final byte[] START =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

  private GitLfsPointer() {}

  /** Refuses such a text by name: it is the most common wrong content of a weights file. */
  public static void refuse(MemorySegment file, String where) {
    if (Chunks.startsWith(file, 0, START)) {
      throw new CheckpointException(
          where,
          "is a Git LFS pointer of %d bytes, not the file itself; run 'git lfs pull' in the folder"
              .formatted(file.byteSize()));
    }
  }
}
