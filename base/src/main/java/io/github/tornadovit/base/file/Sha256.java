package io.github.tornadovit.base.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), in lower-case hexadecimal as {@code sha256sum} prints it. */
public final class Sha256 {
  private Sha256() {}

  /** A computation that has seen nothing yet; {@link #end} finishes it. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** The digest so far, in hexadecimal. */
  public static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a file, read once and not kept. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = start();
    try (InputStream content = Files.newInputStream(file);
        OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      content.transferTo(sink);
    }
    return end(digest);
  }

  /** Of all bytes of a segment. */
  public static String of(MemorySegment bytes) {
    MessageDigest digest = start();
    Chunks.of(bytes, (content, count) -> digest.update(content, 0, count));
    return end(digest);
  }
}
